"""What each call in a tree of C means, as gcc has it: python3 calls_c.py TREE

Each file is compiled by itself, with all folders of the tree to look for headers in,
and asked for its call graph (-fcallgraph-info): for Linux or, if it does not compile
and that compiler is there, for Windows. A call means what has its name in either. What
does not compile is left out, and so is what the preprocessor leaves out. The lines are
those of Calls.java, and

    C FILE LINE COLUMN NAME value       through a pointer
    C FILE LINE COLUMN NAME renamed     of what a macro of this name calls

Nobody knows what is meant (unknown) if a function is defined in files that do not
compile only, or if the C library has one of that name, too: the linker decides.
"""
import concurrent.futures
import ctypes
import ctypes.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NODE = re.compile(r'node: \{ title: "([^"]*)" label: "(?:[^"\\]|\\.)*?\\n([^"\\]*):(\d+):(\d+)"( shape : ellipse)?')
EDGE = re.compile(r'edge: \{ sourcename: "[^"]*" targetname: "([^"]*)" label: "([^"]*):(\d+):(\d+)"')
NAME = re.compile(r'[A-Za-z_]\w*')
MACRO = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)\(', re.MULTILINE)
# at the start of a line, up to the body
FUNCTION = re.compile(r'^(?:[A-Za-z_][\w \t*]*?[ \t*])?(\w+)[ \t]*\([^;{}#]*\)\s*\{', re.MULTILINE)
COMPILERS = [path for path in map(shutil.which, ('gcc', 'x86_64-w64-mingw32-gcc')) if path]


def compile_file(tree, file, headers):
    """The call graph of a file, by the first compiler that takes it; nothing if none does."""
    return next(filter(None, (compile_by(compiler, tree, file, headers) for compiler in COMPILERS)), '')


def compile_by(compiler, tree, file, headers):
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run([compiler, '-c', '-w', '-O0', '-fno-builtin', '-fcallgraph-info', '-D_GNU_SOURCE', *headers,
                               '-o', f'{place}/out.o', str(file)], cwd=tree, stderr=subprocess.DEVNULL, check=False)
        graph = Path(place) / 'out.ci'
        return graph.read_text(errors='replace') if done.returncode == 0 and graph.exists() else ''


def in_library(name):
    """Has the C library a function of this name?"""
    try:
        ctypes.CDLL(ctypes.util.find_library('c'))[name]
    except AttributeError:
        return False
    return True


class Tree:
    def __init__(self, top):
        self.top = Path(top).resolve()
        self.lines = {}
        self.defined = {}               # places of a title
        self.calls = {}                 # by place: titles
        self.macros = set()             # with arguments
        self.elsewhere = set()          # names that files define which do not compile

    def inside(self, path):
        """A path in the tree, or None."""
        path = os.path.normpath(self.top / path)
        return os.path.relpath(path, self.top) if path.startswith(f'{self.top}/') else None

    def line(self, file, number):
        if file not in self.lines:
            self.lines[file] = (self.top / file).read_text(errors='replace').split('\n')
        lines = self.lines[file]
        return lines[number] if number < len(lines) else ''

    def text_from(self, file, number, column):
        return '\n'.join([self.line(file, number)[column:], *self.lines[file][number + 1:number + 40]])

    def is_body(self, file, number, column):
        """Does a body follow, and not the end of a declaration?"""
        ends = re.search('[{;]', self.text_from(file, number, column))
        return bool(ends) and ends.group() == '{'

    def definition(self, unit, name, file, number, column):
        """The place of a definition: gcc may have that of a declaration in a header for it."""
        self.line(file, number)
        if self.is_body(file, number, column):
            return file, number, column
        here = str(unit.relative_to(self.top))
        self.line(here, 0)
        for other, line in enumerate(self.lines[here]):
            found = re.search(rf'\b{name}\s*\(', line)
            if found and self.is_body(here, other, found.start()) and not line.startswith(('\t\t', '        ')):
                return here, other, found.start()
        return file, number, column

    def take(self, unit, graph):
        """Titles of static functions are of their file already, those of others of all."""
        for title, path, line, column, declared in NODE.findall(graph):
            file = self.inside(path)
            if file and not declared:
                place = self.definition(unit, title.rsplit(':', 1)[-1], file, int(line) - 1, int(column) - 1)
                self.defined.setdefault(title, set()).add(place)
        for title, path, line, column in EDGE.findall(graph):
            file = self.inside(path)
            if file:
                self.calls.setdefault((file, int(line) - 1, int(column) - 1), set()).add(title)

    def read(self):
        folders = sorted({str(path.parent) for path in self.top.rglob('*.h')})
        # the system's own first, as a tree may have one of that name
        headers = [option + folder for option in ('-iquote', '-idirafter') for folder in folders]
        files = sorted(self.top.rglob('*.c'))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for file, graph in zip(files, pool.map(lambda file: compile_file(self.top, file, headers), files)):
                self.take(file, graph)
                if not graph:
                    self.elsewhere.update(FUNCTION.findall(file.read_text(errors='replace')))
        for file in [*files, *self.top.rglob('*.h')]:
            self.macros.update(MACRO.findall(file.read_text(errors='replace')))

    def name_at(self, file, line, column):
        found = NAME.match(self.line(file, line), column)
        return found.group() if found else ''

    def called_at(self, file, line, column):
        """The last name before the parenthesis: of a member through which one calls."""
        names = NAME.findall(self.line(file, line)[column:].split('(')[0])
        return names[-1] if names else ''

    def meaning(self, name, file, titles, names):
        """Of a call from a file: its definitions, outside or unknown."""
        places = sorted({place for title in titles for place in self.defined.get(title, ()) if place in names})
        if not places:
            return 'unknown' if name in self.elsewhere else 'outside'
        if name in titles and in_library(name) and file not in {place[0] for place in places}:
            return 'unknown'
        return '\t'.join(['inside'] + [str(part) for place in places for part in place])

    def show(self):
        names = {}
        for title, places in self.defined.items():
            for file, line, column in places:
                name = title.rsplit(':', 1)[-1]
                if self.name_at(file, line, column) == name:
                    names[file, line, column] = name
        for (file, line, column), name in sorted(names.items()):
            print('D', file, line, column, name, sep='\t')
        for (file, line, column), titles in sorted(self.calls.items()):
            here = self.name_at(file, line, column)
            direct = [title for title in titles if title.rsplit(':', 1)[-1] == here]
            if direct:
                print('C', file, line, column, here, self.meaning(here, file, direct, names), sep='\t')
            elif '__indirect_call' in titles:
                if name := self.called_at(file, line, column):
                    print('C', file, line, column, name, 'renamed' if name in self.macros else 'value', sep='\t')
            elif here:
                print('C', file, line, column, here, 'renamed', sep='\t')


tree = Tree(sys.argv[1])
tree.read()
tree.show()
