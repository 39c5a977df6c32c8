"""How one would decode tool calls with llama-cpp-python as it comes: what the thinker is measured against."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from llama_cpp import Llama, llama_grammar
from llama_cpp.llama_types import ChatCompletionRequestMessage, ChatCompletionTool, CreateCompletionResponse

from codriver.engines.thinker.dialect import compile_tools
from codriver.engines.thinker.events import Tool, Tools
from codriver.engines.thinker.hermes import Hermes
from codriver.engines.thinker.thinker import tokenize
from codriver.engines.thinker.vocabulary import Vocabulary
from codriver.errors import InvalidRequest
from codriver.turn import Argument

type Call = tuple[str, Mapping[str, Argument]]

_LONGEST_ANSWER = 200


class ChatmlFunctionCalling:
    """llama-cpp-python's own tool calling: ``chatml-function-calling`` with all the tools.

    ``threads`` is the number of threads; 0 leaves it to llama-cpp-python. The first call evaluates the tools;
    later ones find them in the KV cache.
    """

    def __init__(self, model: Path, tools: Tools, *, context: int = 4096, threads: int = 0) -> None:
        self._llama = Llama(
            str(model),
            n_ctx=context,
            n_threads=threads or None,
            chat_format="chatml-function-calling",
            verbose=False,
        )
        self._instructions = tools.instructions
        self._tools = [cast(ChatCompletionTool, _openai(tool)) for tool in tools.tools]

    def call(self, text: str) -> list[Call]:
        """Return the calls that the model answers with; none for an answer in words or in broken JSON."""
        messages: list[ChatCompletionRequestMessage] = [
            {"role": "system", "content": self._instructions},
            {"role": "user", "content": text},
        ]
        answer = self._llama.create_chat_completion(
            messages, tools=self._tools, tool_choice="auto", temperature=0.0, max_tokens=_LONGEST_ANSWER
        )
        message = cast(dict[str, Any], answer)["choices"][0]["message"]
        calls = []
        for call in message.get("tool_calls") or ():
            try:
                calls.append((call["function"]["name"], json.loads(call["function"]["arguments"])))
            except ValueError:
                continue
        return calls


class GrammarDecoding:
    """The thinker's own prompt, kept in the KV cache, decoded with a grammar of the same answers."""

    def __init__(
        self,
        model: Path,
        tools: Tools,
        vocabulary: Vocabulary,
        *,
        dialect: Hermes | None = None,
        most_calls: int = 3,
        context: int = 4096,
        threads: int = 0,
    ) -> None:
        self._llama = Llama(str(model), n_ctx=context, n_threads=threads or None, verbose=False)
        self._vocabulary = vocabulary
        self._dialect = dialect or Hermes()
        self._tools = compile_tools(tools.tools)
        self._prefix = vocabulary.prompt(self._dialect.prefix(tools.instructions, self._tools, tools.examples))
        self._grammar = llama_grammar.LlamaGrammar.from_string(answer_grammar(tools.tools, most_calls), verbose=False)

    def call(self, text: str) -> list[Call]:
        """Return the calls that the model answers with; none for an answer in words."""
        prompt = [*self._prefix, *tokenize(self._vocabulary, self._dialect.turn(text, ()))]
        answer = self._llama.create_completion(
            prompt, grammar=self._grammar, temperature=0.0, max_tokens=_LONGEST_ANSWER
        )
        try:
            calls, _ = self._dialect.parse(cast(CreateCompletionResponse, answer)["choices"][0]["text"], self._tools)
        except InvalidRequest:
            return []
        return [(call.intent, call.arguments) for call in calls]


def answer_grammar(tools: Sequence[Tool], most_calls: int) -> str:
    """Return the GBNF of calls, one a line, or of one line of words."""
    schema = {
        "oneOf": [
            {
                "type": "object",
                "properties": {"name": {"const": tool.name}, "arguments": _plain(tool.parameters)},
                "required": ["name", "arguments"],
            }
            for tool in tools
        ]
    }
    rules = llama_grammar.json_schema_to_gbnf(json.dumps(schema)).splitlines()
    # Blanks may stand between the parts of a call, but a line break only after it.
    calls = [
        rule.replace("root ::=", "call ::=", 1) if rule.startswith("root ::=") else rule
        for rule in rules
        if not rule.startswith("space ::=")
    ]
    return "\n".join([f'root ::= call ("\\n" call){{0,{most_calls - 1}}} | [^{{\\n] [^\\n]*', 'space ::= " "?', *calls])


def _openai(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
    }


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the bounds, which the thinker does not force either."""
    properties = {
        name: {key: value for key, value in field.items() if key in ("type", "enum")}
        for name, field in parameters.get("properties", {}).items()
    }
    return {"type": "object", "properties": properties, "required": list(parameters.get("required", ()))}
