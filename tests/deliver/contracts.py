"""A vendor's own description of its interface, and whether a recorded request is one that it allows."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from trackers import Asked

PLACES = tuple(each / "shared" / "vendor-apis" for each in Path(__file__).parents)


@cache
def description(name: str) -> dict[str, Any]:
    """The description; the test is skipped, visibly, where it is not on this machine."""
    for place in PLACES:
        if (place / name).is_file():
            return json.loads((place / name).read_bytes())
    pytest.skip(f"the vendor's description {name} is not on this machine")


class Contract:
    """Swagger 2 or OpenAPI 3, as far as requests go: path, method, parameters, media type and body."""

    def __init__(self, name: str) -> None:
        self.whole = description(name)
        self.paths = [*self.whole["paths"].items(), *self.whole.get("x-ms-paths", {}).items()]

    def check(self, asked: Asked, account: str = "") -> None:
        """Raises AssertionError for a request that the description does not allow."""
        path = asked.path.removeprefix(account)
        tried = [self._problems(op, asked, names) for op, names in self._operations(asked.method, path)]
        assert tried, f"{asked.method} {path} is not described"
        assert not min(tried, key=len), (asked.method, path, tried)

    def knows(self, method: str, path: str) -> bool:
        return bool(list(self._operations(method, path)))

    def _operations(self, method: str, path: str):
        for template, operations in self.paths:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template.split("?")[0]))
            found = re.fullmatch(pattern, path, re.IGNORECASE)
            if found and method.lower() in operations:
                yield operations[method.lower()], found.groupdict()

    def _problems(self, operation: dict[str, Any], asked: Asked, names: dict[str, str]) -> list[str]:
        parameters = [self._resolved(each) for each in operation.get("parameters", [])]
        queries = {each["name"]: each for each in parameters if each["in"] == "query"}
        problems = [f"{name} is not described" for name in asked.params if name not in queries]
        problems += [
            f"{name} is missing"
            for name, each in queries.items()
            if each.get("required") and name not in asked.params
        ]
        given = [(each, asked.params.get(each["name"])) for each in queries.values()]
        given += [(each, names.get(each["name"])) for each in parameters if each["in"] == "path"]
        problems += [
            f"{each['name']}={value}" for each, value in given if value is not None and not _fits(each, value)
        ]
        return problems + self._body_problems(operation, parameters, asked)

    def _body_problems(
        self, operation: dict[str, Any], parameters: list[dict[str, Any]], asked: Asked
    ) -> list[str]:
        content = operation.get("requestBody", {}).get("content", {})
        media = asked.headers.get("Content-Type", "").split(";")[0]
        allowed = operation.get("consumes") or list(content)
        if not asked.body:
            return ["a body is missing"] if operation.get("requestBody", {}).get("required") else []
        if media not in allowed:
            return [f"{media} is none of {allowed}"]
        schema = next((each["schema"] for each in parameters if each["in"] == "body"), None) or content.get(
            media, {}
        ).get("schema", {})
        if "json" not in media:
            return []
        if schema.get("$ref", "").endswith(
            "/JsonPatchDocument"
        ):  # declared as an object with an array inside
            schema = {"type": "array", "minItems": 1, "items": self._operation()}
        rooted = {
            **schema,
            "definitions": self.whole.get("definitions", {}),
            "components": self.whole.get("components", {}),
        }
        return [error.message for error in jsonschema.Draft4Validator(rooted).iter_errors(asked.json)]

    def _operation(self) -> dict[str, Any]:
        """One operation of a patch. Its value is called an object there, though the manual's own examples give numbers and words."""
        declared = self.whole["definitions"]["JsonPatchOperation"]
        return {**declared, "properties": {**declared["properties"], "value": {}}, "required": ["op", "path"]}

    def _resolved(self, parameter: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in parameter:
            return parameter
        found: Any = self.whole
        for key in parameter["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        return found


def _fits(parameter: dict[str, Any], value: str) -> bool:
    schema = parameter.get("schema", parameter)
    if "enum" in schema and value not in schema["enum"]:
        return False
    if parameter["name"] == "api-version":
        # The description says in words which version it is of.
        return f"'{value}'" in parameter["description"]
    return bool(re.fullmatch(r"-?\d+", value)) if schema.get("type") == "integer" else True
