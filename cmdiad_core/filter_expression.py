"""Conditions that users write, such as ``score > 1.5 and modality == 'rgb'``."""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cmdiad_core.errors import InputError

Value = float | str | None
Condition = Callable[[Mapping[str, Value]], bool]

_LONGEST = 500
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def condition(expression: str, names: Mapping[str, type[float] | type[str]]) -> Condition:
    """Return a function that says whether named values meet a condition.

    Python's grammar, of which comparisons, ``and``, ``or``, ``not``, brackets, numbers and quoted
    words are allowed. Nothing is evaluated as code. A comparison with a value that is None is
    never met: what was not measured is neither small nor large.

    Parameters
    ----------
    expression : str
        What the user wrote.
    names : mapping of str to type
        What may be named, and whether it is a number (``float``) or a word (``str``).

    Raises
    ------
    InputError
        When it cannot be understood; the sentence says which names may be used.
    """
    try:
        if len(expression) > _LONGEST:
            raise _MisunderstoodError(f"is longer than {_LONGEST} characters")
        return _boolean(_parsed(expression), names)
    except _MisunderstoodError as error:
        raise InputError(
            "Filter", f"{error}; compare {', '.join(names)} with numbers or 'words'"
        ) from error


class _MisunderstoodError(Exception):
    pass


def _parsed(expression: str) -> ast.expr:
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _MisunderstoodError("is not a complete condition") from error


def _boolean(node: ast.expr, names: Mapping[str, type]) -> Condition:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return partial(_all, [_boolean(value, names) for value in values])
        case ast.BoolOp(op=ast.Or(), values=values):
            return partial(_any, [_boolean(value, names) for value in values])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return partial(_not, _boolean(operand, names))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [left, *comparators]
            pairs = zip(sides, ops, sides[1:], strict=False)
            return partial(_all, [_comparison(*pair, names) for pair in pairs])
    raise _MisunderstoodError(f"cannot use “{ast.unparse(node)}” as a condition")


def _comparison(
    left: ast.expr, comparison: ast.cmpop, right: ast.expr, names: Mapping[str, type]
) -> Condition:
    compare = _COMPARISONS.get(type(comparison))
    if compare is None:
        raise _MisunderstoodError("knows only < <= > >= == !=")
    (first, first_type), (second, second_type) = _operand(left, names), _operand(right, names)
    if first_type is not second_type:
        raise _MisunderstoodError(
            f"cannot compare “{ast.unparse(left)}” with “{ast.unparse(right)}”: "
            "one is a number and one a word"
        )
    return partial(_compared, compare, first, second)


def _operand(
    node: ast.expr, names: Mapping[str, type]
) -> tuple[Callable[[Mapping[str, Value]], Value], type]:
    match node:
        case ast.Name(id=name) if name in names:
            return operator.itemgetter(name), names[name]
        case ast.Name(id=name):
            raise _MisunderstoodError(f"does not know “{name}”")
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return partial(_constant, -number), float
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return partial(_constant, number), float
        case ast.Constant(value=str() as word):
            return partial(_constant, word), str
    raise _MisunderstoodError(f"cannot compare “{ast.unparse(node)}”")


def _constant(value: Value, _: Mapping[str, Value]) -> Value:
    return value


def _compared(
    compare: Callable[[Any, Any], bool],
    first: Callable[[Mapping[str, Value]], Value],
    second: Callable[[Mapping[str, Value]], Value],
    values: Mapping[str, Value],
) -> bool:
    left, right = first(values), second(values)
    return left is not None and right is not None and compare(left, right)


def _all(conditions: list[Condition], values: Mapping[str, Value]) -> bool:
    return all(one(values) for one in conditions)


def _any(conditions: list[Condition], values: Mapping[str, Value]) -> bool:
    return any(one(values) for one in conditions)


def _not(one: Condition, values: Mapping[str, Value]) -> bool:
    return not one(values)
