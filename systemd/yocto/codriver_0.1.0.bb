# A sketch of a recipe: it has never been baked. The Python packages that are not in meta-python come as the locked
# wheels for aarch64 (`pip download --require-hashes`, see setup/requirements.lock), llama.cpp cross-compiled
# (hardware/arm64/llama.py); both are put into files/wheels beforehand.
SUMMARY = "Offline voice assistant for the car"
LICENSE = "Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE;md5=86d3f3a95c324c9479bd8986968f4327"

SRC_URI = "file://codriver file://wheels"
S = "${WORKDIR}/codriver"

inherit python3-dir systemd useradd

DEPENDS = "python3-pip-native python3-setuptools-native"
RDEPENDS:${PN} = "dbus libgomp portaudio-v19 python3-core python3-modules speexdsp systemd"

HOME = "${libdir}/codriver"
INSANE_SKIP:${PN} += "already-stripped file-rdeps"

do_install() {
    install -d ${D}${HOME}/bin ${D}${HOME}/lib
    ${STAGING_BINDIR_NATIVE}/python3-native/python3 -m pip install --no-index --no-deps --no-compile \
        --target ${D}${HOME}/lib ${WORKDIR}/wheels/*.whl ${S}
    for name in codriver:cli codriver-vehicle:services.vehicle.__main__ \
        codriver-navigation:services.navigation.__main__; do
        printf '#!%s\nfrom codriver.%s import main\nmain()\n' ${HOME}/bin/python ${name#*:} >${D}${HOME}/bin/${name%%:*}
        chmod 0755 ${D}${HOME}/bin/${name%%:*}
    done
    printf '#!/bin/sh\nPYTHONPATH=%s/lib exec %s/python3 "$@"\n' ${HOME} ${bindir} >${D}${HOME}/bin/python
    chmod 0755 ${D}${HOME}/bin/python

    install -Dm 0755 ${S}/systemd/deb/codriver ${D}${bindir}/codriver
    install -Dm 0644 -t ${D}${datadir}/codriver/intents ${S}/intents/*
    install -Dm 0644 -t ${D}${systemd_system_unitdir} ${S}/systemd/units/*
    install -Dm 0644 -t ${D}${datadir}/dbus-1/system.d ${S}/systemd/dbus/system.d/*
    install -Dm 0644 -t ${D}${datadir}/dbus-1/system-services ${S}/systemd/dbus/system-services/*
    install -Dm 0644 ${S}/systemd/sysusers.d/codriver.conf ${D}${nonarch_libdir}/sysusers.d/codriver.conf
    install -Dm 0644 ${S}/systemd/tmpfiles.d/codriver.conf ${D}${nonarch_libdir}/tmpfiles.d/codriver.conf
    install -Dm 0644 ${S}/systemd/codriver.toml ${D}${sysconfdir}/codriver/codriver.toml
}

SYSTEMD_SERVICE:${PN} = "codriver.target"
USERADD_PACKAGES = "${PN}"
USERADD_PARAM:${PN} = "--system --user-group codriver; --system --user-group codriver-models; \
    --system --user-group codriver-navigation; --system --user-group codriver-vehicle"
FILES:${PN} += "${libdir} ${datadir} ${systemd_system_unitdir} ${nonarch_libdir}"
CONFFILES:${PN} = "${sysconfdir}/codriver/codriver.toml"
