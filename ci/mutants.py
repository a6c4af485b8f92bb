# SPDX-License-Identifier: Apache-2.0
"""The mutants of a C++ file: copies with one small mistake each, made from clang's syntax tree."""
import os
import re
from collections import Counter
from dataclasses import dataclass

from clang.cindex import CursorKind as Kind
from clang.cindex import Index, TranslationUnitLoadError

FLAGS = ["-std=c++20", "-Iinclude", "-I.", "-DFMT_SHARED", '-DRELAYSPEC_VERSION="mutant"']

BINARY = {
    "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "<<": [">>"], ">>": ["<<"],
    "&": ["|"], "|": ["&"], "^": ["&"],
    "+=": ["-="], "-=": ["+="], "|=": ["&="], "&=": ["|="], "^=": ["&="], "<<=": [">>="], ">>=": ["<<="],
    "&&": [], "||": [],  # one side at a time, see _binary
}
UNARY = {"!": "", "~": "", "-": "", "++": "--", "--": "++"}
FUNCTIONS = {Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.CONSTRUCTOR, Kind.DESTRUCTOR, Kind.FUNCTION_TEMPLATE}
LOOPS = {Kind.FOR_STMT, Kind.WHILE_STMT, Kind.CXX_FOR_RANGE_STMT}
LONGEST_CONTEXT = 110


@dataclass(frozen=True)
class Mutant:
    file: str
    line: int
    name: str  # FILE FUNCTION: `BEFORE` → `AFTER`; has no line number, so that it lives through other edits
    begin: int
    end: int
    text: str

    def apply(self, source: bytes) -> bytes:
        return source[:self.begin] + self.text.encode() + source[self.end:]


def one_line(text):
    return re.sub(r"\s+", " ", text).strip()


class _Finder:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            self.source = file.read()
        self.found = {}  # (begin, end, text) → (line, function, context begin, context end)
        try:
            unit = Index.create().parse(path, args=FLAGS)
        except TranslationUnitLoadError as error:
            raise SystemExit(f"ci/mutate: {path}: {error}") from error
        errors = [d.spelling for d in unit.diagnostics if d.severity >= 3]
        if errors:
            raise SystemExit(f"ci/mutate: {path} does not compile: {errors[0]}")
        for cursor in unit.cursor.get_children():
            if cursor.location.file and cursor.location.file.name == path:
                self._visit(cursor, "", None)

    def _text(self, begin, end):
        return self.source[begin:end].decode()

    def _own(self, cursor):
        return self._text(cursor.extent.start.offset, cursor.extent.end.offset)

    def _add(self, begin, end, text, line, function, context):
        if begin < end:
            self.found.setdefault((begin, end, text), (line, function, *context))

    def _visit(self, cursor, function, context):
        """`context` is the outermost expression around that is short enough to be read in one line."""
        extent = (cursor.extent.start.offset, cursor.extent.end.offset)
        if cursor.kind in FUNCTIONS:
            function = cursor.spelling
        if cursor.kind.is_statement() or cursor.kind == Kind.LAMBDA_EXPR:
            context = None
        elif context is None and (cursor.kind.is_expression() or cursor.kind == Kind.VAR_DECL):
            if len(one_line(self._text(*extent))) <= LONGEST_CONTEXT:
                context = extent
        children = list(cursor.get_children())
        if function or cursor.kind == Kind.VAR_DECL:
            where = (cursor.extent.start.line, function, context or extent)
            if cursor.kind.is_expression():
                self._binary(cursor, children, function, context or extent)
                self._unary(cursor, extent, where)
                self._literal(cursor, extent, where)
            self._condition(cursor, children, function)
            self._statements(cursor, children, function)
        for child in children:
            self._visit(child, function, context)

    def _binary(self, cursor, children, function, context):
        children = sorted(children, key=lambda c: c.extent.start.offset)
        operators = [c for c in children if self._own(c) in BINARY]
        sides = [c for c in children if c not in operators]
        if len(sides) != 2 or not all(c.kind.is_expression() for c in sides):
            return
        left, right = sides[0].extent, sides[1].extent
        between = self._text(left.end.offset, right.start.offset)
        operator = between.strip()
        if operator not in BINARY:
            return
        begin = left.end.offset + between.index(operator)
        line = self.source.count(b"\n", 0, begin) + 1
        for other in BINARY[operator]:
            self._add(begin, begin + len(operator), other, line, function, context)
        if operator in ("&&", "||"):
            extent = (left.start.offset, right.end.offset)
            for side in (left, right):
                self._add(*extent, self._text(side.start.offset, side.end.offset), line, function, context)

    def _unary(self, cursor, extent, where):
        if cursor.kind != Kind.UNARY_OPERATOR:
            return
        for operator, other in UNARY.items():
            rest = self._own(cursor)[len(operator):]
            if self._own(cursor).startswith(operator) and not rest.startswith(("=", operator)):
                self._add(extent[0], extent[0] + len(operator), other, *where)

    def _literal(self, cursor, extent, where):
        text = self._own(cursor)
        if cursor.kind == Kind.CXX_BOOL_LITERAL_EXPR:
            self._add(*extent, "false" if text == "true" else "true", *where)
        match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)", text)
        if cursor.kind == Kind.INTEGER_LITERAL and match:
            number = int(match[1], 0)
            for other in [number + 1] + [number - 1] * (number > 0):
                self._add(*extent, (hex(other) if "x" in text.lower() else str(other)) + match[2], *where)

    def _condition(self, cursor, children, function):
        """A whole condition made true or false; a loop only ends sooner, as one without end shows nothing."""
        expressions = [c for c in children if c.kind.is_expression()]
        values = {Kind.IF_STMT: ["true", "false"], Kind.CONDITIONAL_OPERATOR: ["true", "false"],
                  Kind.WHILE_STMT: ["false"], Kind.FOR_STMT: ["false"]}.get(cursor.kind, [])
        if cursor.kind == Kind.FOR_STMT:  # its head may begin with a declaration or an expression
            expressions = [c for c in expressions if c.type.get_canonical().spelling == "bool"]
        if not values or not expressions:
            return
        condition = expressions[0].extent
        extent = (condition.start.offset, condition.end.offset)
        for value in values:
            self._add(*extent, value, condition.start.line, function, extent)

    def _statements(self, cursor, children, function):
        if cursor.kind == Kind.COMPOUND_STMT:
            statements = children
        elif cursor.kind in LOOPS or cursor.kind == Kind.IF_STMT:  # bodies without braces; a condition comes first
            statements = children[-1:] if cursor.kind in LOOPS else children[1:]
        else:
            return
        for statement in statements:
            extent = (statement.extent.start.offset, statement.extent.end.offset)
            jump = statement.kind in (Kind.BREAK_STMT, Kind.CONTINUE_STMT)
            bare_return = statement.kind == Kind.RETURN_STMT and self._own(statement) == "return"
            ends = self.source[extent[1]:].lstrip().startswith(b";")
            if ends and (jump or bare_return or statement.kind.is_expression()):
                self._add(*extent, "", statement.extent.start.line, function, extent)

    def mutants(self):
        names = Counter()
        result = []
        for (begin, end, text), (line, function, first, last) in sorted(self.found.items()):
            before = one_line(self._text(first, last))
            after = one_line(self._text(first, begin) + text + self._text(end, last))
            name = f"{os.path.basename(self.path)} {function or '-'}: `{before}` → `{after}`"
            names[name] += 1
            if names[name] > 1:
                name += f" #{names[name]}"
            result.append(Mutant(self.path, line, name, begin, end, text))
        return result


def mutants_of(path):
    return _Finder(path).mutants()
