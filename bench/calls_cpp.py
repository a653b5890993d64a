"""What each call in a tree of C++ means, as clang has it: python3 calls_cpp.py TREE

Each file is parsed by itself, with all folders of the tree to look for headers in, and
what is in headers of the tree is told when one of the files that include it is. What
stands in a macro's body is left out, and so is what the preprocessor leaves out. The
lines are those of Calls.java, and

    C FILE LINE COLUMN NAME value       of a variable, a parameter or a field

A call means the function's definition, in whichever file that is; of one without, which
is purely virtual, the declaration. Nobody knows what is meant (unknown) where that
depends on a template's parameters, or if it is defined in files that do not parse only.
"""
import concurrent.futures
import os
import re
import sys
from pathlib import Path

sys.path.append('/usr/lib/python3/dist-packages')       # where Debian has it

from clang.cindex import CursorKind, Index, TranslationUnit, conf       # noqa: E402

NAME = re.compile(rb'~?[A-Za-z_]\w*')
FUNCTIONS = (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR, CursorKind.DESTRUCTOR,
             CursorKind.CONVERSION_FUNCTION, CursorKind.FUNCTION_TEMPLATE)
TYPES = (CursorKind.CLASS_DECL, CursorKind.STRUCT_DECL, CursorKind.CLASS_TEMPLATE, CursorKind.UNION_DECL,
         CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION)
VALUES = (CursorKind.VAR_DECL, CursorKind.PARM_DECL, CursorKind.FIELD_DECL)
WRAPPERS = (CursorKind.UNEXPOSED_EXPR, CursorKind.PAREN_EXPR)


class Unit:
    """What one file says: definitions by USR, pure declarations, and calls by place."""

    def __init__(self, top):
        self.top = top
        self.content = {}
        self.defined = {}               # USR: place
        self.names = {}                 # place: name
        self.calls = {}                 # place: name, USR or None, 'inside', 'outside', 'value' or 'unknown'

    def place(self, location):
        """A place in the tree, or None; of what a macro makes that of the macro."""
        if location.file is None:
            return None
        path = os.path.normpath(location.file.name)
        if not path.startswith(f'{self.top}/'):
            return None
        return os.path.relpath(path, self.top), location.line - 1, location.column - 1

    def name_at(self, place):
        file, line, column = place
        if file not in self.content:
            self.content[file] = Path(self.top, file).read_bytes().split(b'\n')
        lines = self.content[file]
        found = NAME.match(lines[line], column) if line < len(lines) else None
        return found.group().decode() if found else ''

    def define(self, cursor):
        place = self.place(cursor.location)
        if place is None or self.name_at(place) != cursor.spelling.split('<')[0]:
            return
        is_pure = cursor.kind == CursorKind.CXX_METHOD and cursor.is_pure_virtual_method()
        if cursor.is_definition() or is_pure:
            self.names[place] = self.name_at(place)
            self.defined.setdefault(cursor.get_usr(), place)

    def callee(self, call):
        """The expression that names what is called; None for what is made."""
        child = next(call.get_children(), None)
        while child is not None and child.kind in WRAPPERS:
            child = next(child.get_children(), None)
        return child

    def call(self, cursor):
        meant = cursor.referenced
        if meant is not None and meant.kind == CursorKind.CONSTRUCTOR:
            expression, name = cursor, meant.spelling.split('<')[0]
        else:
            expression = self.callee(cursor)
            if expression is None:
                return
            if meant is None or meant.spelling == 'operator()' or meant.kind in VALUES:
                meant = expression.referenced or meant
            name = meant.spelling if meant is not None else expression.spelling
        place = self.place(expression.location)
        if place is None:
            return
        # a constructor of something that is declared is no call, nor is what is meant by way of a macro
        if self.name_at(place) != name or not name:
            return
        self.calls[place] = (name, *self.meaning(meant))

    def meaning(self, meant):
        if meant is None or meant.kind not in (*FUNCTIONS, *VALUES, *TYPES):
            return None, 'unknown'
        if meant.kind in VALUES:
            return None, 'value'
        template = conf.lib.clang_getSpecializedCursorTemplate(meant)
        if template is not None and template.kind in FUNCTIONS:
            meant = template
        if self.place(meant.location) is None:
            return None, 'outside'
        # what nobody wrote is the class
        if meant.kind == CursorKind.CONSTRUCTOR and self.name_at(self.place(meant.location)) != meant.spelling.split('<')[0]:
            return None, 'unknown'
        return (meant.get_usr(), meant.semantic_parent.get_usr()), 'inside'

    def read(self, cursor):
        waiting = [child for child in cursor.get_children() if self.place(child.location)]
        while waiting:
            cursor = waiting.pop()
            if cursor.kind in FUNCTIONS or cursor.kind in TYPES:
                self.define(cursor)
            elif cursor.kind == CursorKind.CALL_EXPR:
                self.call(cursor)
            waiting.extend(cursor.get_children())


def read_file(top, file, headers):
    unit = Unit(top)
    arguments = ['-x', 'c++', '-std=c++17', '-w', *headers]
    try:
        parsed = Index.create().parse(file, args=arguments, options=TranslationUnit.PARSE_INCOMPLETE)
    except Exception:
        return None
    if any(diagnostic.severity >= 4 for diagnostic in parsed.diagnostics):      # a header that is not there
        return None
    unit.read(parsed.cursor)
    return unit.defined, unit.names, unit.calls


def main():
    top = str(Path(sys.argv[1]).resolve())
    folders = sorted({str(path.parent) for pattern in ('*.h', '*.hpp', '*.hh') for path in Path(top).rglob(pattern)})
    folders = sorted({*folders, *(str(path) for path in Path(top).rglob('include') if path.is_dir()), top})
    headers = [part for folder in folders for part in ('-iquote', folder, '-idirafter', folder)]
    files = sorted(str(path) for pattern in ('*.cc', '*.cpp', '*.cxx') for path in Path(top).rglob(pattern))
    defined, names, calls = {}, {}, {}
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for file, found in zip(files, pool.map(read_file, [top] * len(files), files, [headers] * len(files))):
            if found is None:
                print('not read:', file, file=sys.stderr)
                continue
            for usr, place in found[0].items():
                defined.setdefault(usr, place)
            names.update(found[1])
            for place, (name, usrs, kind) in found[2].items():
                # what is defined here is not that of another file with the same name
                call = (name, next((found[0][usr] for usr in usrs or () if usr in found[0] and found[1][found[0][usr]] == name), usrs), kind)
                if place not in calls or calls[place][2] == 'unknown':
                    calls[place] = call
    for place, name in sorted(names.items()):
        print('D', *place, name, sep='\t')
    for place, (name, usrs, kind) in sorted(calls.items()):
        # of a constructor that the compiler made the class is meant
        if usrs and len(usrs) == 3:
            target = usrs
        else:
            target = next((defined[usr] for usr in usrs or () if usr in defined and names[defined[usr]] == name), None)
        if kind == 'inside':
            print('C', *place, name, *(('inside', *target) if target else ('unknown',)), sep='\t')
        else:
            print('C', *place, name, kind, sep='\t')


if __name__ == '__main__':
    main()
