"""The vehicle service: ``org.codriver.Vehicle1`` over the reference car, simulated or real."""
