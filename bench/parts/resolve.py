"""How good pt_resolve_references is: every call in some trees of Python, TypeScript, C,
Java, Go and C++, as pt-index and it have it, against a compiler's or type checker's answer.

The truth of Python and TypeScript is a SCIP index of each tree, by scip-python and
scip-typescript; which calls there are, and what is a definition, is told by the
languages' own parsers. Of the others gcc, javac, go/types and clang tell all of it
(calls_c.py, Calls.java, calls.go, calls_cpp.py). Nothing of this knows how references are resolved. bench/README.md says
what is counted.
"""
import ast
import bisect
import collections
import concurrent.futures
import os
import re
import subprocess
from pathlib import Path

import scip
from harness import BENCH, CODE, Results, progress, psql

PLACE = BENCH / 'resolve'
INDEXER = os.environ.get('BENCH_INDEXER', BENCH / 'bin' / 'pt-index')
THRESHOLD = 0.5
CLASSES = ('right', 'several', 'wrong', 'shared', 'none')
CONSTRUCTORS = ('__init__', '__new__', 'constructor')
TYPES = ('class', 'enum', 'record')


# ---------------------------------------------------------------------------
# What a tree calls and defines, by its language's parser.
# ---------------------------------------------------------------------------

class Sites:
    """Calls as {file: {(line, column): name}}, definitions the same, and where imports
    give something another name."""

    def __init__(self):
        self.calls = collections.defaultdict(dict)
        self.definitions = collections.defaultdict(dict)
        self.imports = collections.defaultdict(set)


def column(lines, line, byte):
    """UTF-16 units for bytes of UTF-8."""
    return len(lines[line].encode()[:byte].decode(errors='ignore').encode('utf-16-le')) // 2


def python_sites(tree):
    sites = Sites()
    for path in sorted(tree.rglob('*.py')):
        file = str(path.relative_to(tree))
        try:
            text = path.read_text(encoding='utf-8')
            module = ast.parse(text)
        except (SyntaxError, UnicodeDecodeError):
            continue
        lines = text.replace('\f', ' ').split('\n')
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                at = (node.func.lineno - 1, column(lines, node.func.lineno - 1, node.func.col_offset))
                sites.calls[file][at] = node.func.id
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                line = node.func.end_lineno - 1
                at = (line, column(lines, line, node.func.end_col_offset - len(name.encode())))
                sites.calls[file][at] = name
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                line = node.lineno - 1
                found = lines[line].find(node.name, node.col_offset + (3 if lines[line].lstrip().startswith('def') else 5))
                if found >= 0:
                    sites.definitions[file][line, found] = node.name
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                sites.imports[file].update(range(node.lineno - 1, node.end_lineno))
    return sites


def script_sites(tree):
    sites = Sites()
    done = subprocess.run(['node', CODE / 'sites.js', tree], stdout=subprocess.PIPE, text=True, check=True)
    for row in done.stdout.splitlines():
        kind, file, line, at, name = row.split('\t')
        (sites.calls if kind == 'C' else sites.definitions)[file][int(line), int(at)] = name
    return sites


def told_sites(path):
    """Sites, references and definitions as scip.read has them, from the lines of a compiler."""
    sites = Sites()
    references, definitions = collections.defaultdict(dict), {'a value': {('', 0, 0)}}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            kind, file, row, at, name, *meaning = line.rstrip('\n').split('\t')
            place = (int(row), int(at))
            if kind == 'D':
                sites.definitions[file][place] = name
                definitions[f'{file}:{row}:{at}'] = {(file, *place)}
                continue
            sites.calls[file][place] = name
            if meaning[0] == 'inside':
                places = zip(meaning[1::3], meaning[2::3], meaning[3::3])
                references[file][place] = {':'.join(target) for target in places}
            elif meaning[0] == 'value':
                references[file][place] = {'a value'}
            elif meaning[0] == 'outside':
                references[file][place] = {'elsewhere'}
    return sites, references, definitions


# ---------------------------------------------------------------------------
# What is in the database.
# ---------------------------------------------------------------------------

def rows(query):
    return [line.split('\x1f') for line in psql('-F', '\x1f', '-c', query).splitlines()]


def called(target):
    """The name that a placeholder's key has at its end, without what it is called with."""
    name = re.sub(r'(:unresolved-reference|:external-dependency-[^:]*)?:0-0$', '', target)
    if re.search(r'.\([^)]', name):
        depth, at = 0, len(name)
        while at > 0:
            at -= 1
            depth += (name[at] == ')') - (name[at] == '(')
            if depth == 0:
                break
        name = name[:at]
    return re.split('[.:>]', name)[-1]


class Index:
    """Entities and calls of a codebase."""

    def __init__(self, schema, tree):
        psql('-c', 'SET client_min_messages = warning', '-c', f'DROP SCHEMA IF EXISTS {schema} CASCADE')
        done = subprocess.run([INDEXER, '-q', '-d', '', '--graph', f'{schema}.pt_edge', '--create', tree], check=False)
        if done.returncode not in (0, 3):       # 3: something was left out
            raise RuntimeError(f'pt-index failed on {tree}: {done.returncode}')
        self.entity = {}
        self.by_file = collections.defaultdict(list)
        self.callers = collections.defaultdict(list)        # and constants, which may be set to what a call gives
        for key, name, kind, file, first, last in rows(f"""SELECT key, name, entity_type, file_path, line_start, line_end
                FROM {schema}.pt_entity"""):
            self.entity[key] = (name, kind, file, int(first) - 1, int(last) - 1)
            self.callers[file].append((int(first) - 1, int(last) - 1, key))
            if kind != 'constant':
                self.by_file[file].append((int(first) - 1, int(last) - 1, key))
        for entities in [*self.by_file.values(), *self.callers.values()]:
            entities.sort(key=lambda entity: (entity[0], -entity[1]))
        self.calls = collections.defaultdict(dict)      # of a caller: places of its placeholders; in Java A::f is one, too
        for caller, target, location in rows(f"""SELECT from_key, to_key, source_location
                FROM {schema}.pt_edge WHERE edge_type = 'Calls' OR (edge_type = 'Uses' AND to_key LIKE 'java:fn:%')"""):
            self.calls[caller][target] = (called(target), int(location.rsplit(':', 1)[1]) - 1)
        self.known = {}
        self.guesses = collections.defaultdict(list)
        for caller, target, reference, confidence, method in rows(f"""SELECT from_key, to_key, reference_key, confidence, method
                FROM {schema}.pt_edge WHERE edge_type = 'Calls (resolved)' OR (edge_type = 'Uses (resolved)' AND reference_key LIKE 'java:fn:%')
                ORDER BY confidence DESC, to_key"""):
            self.guesses[caller].append((target, reference, float(confidence), method))

    def around(self, file, line, *, callers=False):
        """Definitions around a line, the innermost first."""
        entities = (self.callers if callers else self.by_file).get(file, [])
        last = bisect.bisect_right(entities, line, key=lambda entity: entity[0])
        return [key for _, end, key in reversed(entities[:last]) if end >= line]

    def within(self, key):
        """What is defined in something."""
        _, _, file, first, last = self.entity[key]
        return [inner for start, end, inner in self.by_file[file] if first <= start and end <= last and inner != key]

    def defined(self, file, line, name):
        """The entity that a definition of this name on a line is."""
        if (file, line, name) not in self.known:
            self.known[file, line, name] = next((key for key in self.around(file, line) if self.entity[key][0] == name), None)
        return self.known[file, line, name]

    def same(self, key):
        """A definition, and those of the same name in the same place: overloads are one symbol."""
        if key not in self.known:
            self.known[key] = self.find_same(key)
        return self.known[key]

    def find_same(self, key):
        name, _, file, line, last = self.entity[key]
        around = [outer for outer in self.around(file, line) if outer != key and self.entity[outer][4] >= last][:1]
        return [other for _, _, other in self.by_file[file] if self.entity[other][0] == name and
                [outer for outer in self.around(file, self.entity[other][3]) if outer != other and
                 self.entity[outer][4] >= self.entity[other][4]][:1] == around]

    def placeholders(self, file, line, names):
        """What stands for a call of one of these names on a line; and its caller. Of
        several that it may be none is known to be it."""
        elsewhere = []
        for caller in self.around(file, line, callers=True)[:3]:
            calls = self.calls.get(caller, {})
            here = [(caller, target) for target, (name, at) in calls.items() if name in names and at == line]
            if here:
                return here
            elsewhere = elsewhere or [(caller, target) for target, (name, _) in calls.items() if name in names]
        return elsewhere


# ---------------------------------------------------------------------------
# Judging.
# ---------------------------------------------------------------------------

class Judge:
    def __init__(self, index, sites, references, definitions, *, exact=False, partly=False):
        self.index = index
        self.sites = sites
        self.references = references
        self.definitions = definitions
        self.exact = exact              # overloads are told apart
        self.partly = partly            # some definitions were not compiled
        self.seen = set()
        if partly:
            self.seen = {same for file, places in sites.definitions.items() for (line, _), name in places.items()
                         if (key := index.defined(file, line, name)) for same in index.same(key)}
        self.counts = collections.Counter()
        self.methods = collections.defaultdict(collections.Counter)
        self.steps = collections.defaultdict(collections.Counter)
        self.examples = []

    def truth(self, file, at):
        """Entities that a call means, and its class: inside, outside, value, unknown."""
        symbols = self.references.get(file, {}).get(at)
        if not symbols:
            return 'unknown', set(), set()
        # a class without a constructor of its own has one all the same
        symbols = {symbol if symbol in self.definitions else symbol.removesuffix('`<constructor>`().') for symbol in symbols}
        places = set().union(*(self.definitions.get(symbol, set()) for symbol in symbols))
        if not places:
            return ('unknown' if any(' local ' in symbol for symbol in symbols) else 'outside'), set(), set()
        defined = {(other, line): name for other, line, char in places
                   if (name := self.sites.definitions[other].get((line, char))) is not None}
        # some symbols are wrong where a module passes on what others define; an alias is not told from these
        if defined and not set(defined.values()) & {self.sites.calls[file][at], *CONSTRUCTORS}:
            return 'renamed', set(), set()
        targets, names = set(), set(defined.values())
        for (other, line), name in defined.items():
            key = self.index.defined(other, line, name)
            targets.update([f'no entity for {other}:{line + 1}'] if not key else [key] if self.exact else self.index.same(key))
            # a class is called for its constructor
            targets.update(key for key in self.index.around(other, line)[:3] if self.index.entity[key][1] in TYPES and
                           (name in CONSTRUCTORS or name == self.index.entity[key][0]))
            if key and self.index.entity[key][1] in TYPES:
                targets.update(inner for inner in self.index.within(key) if self.index.entity[inner][0] == name)
        if names:
            return 'inside', targets, names
        if any(line in self.sites.imports[other] for other, line, _ in places):
            return 'unknown', set(), set()
        return 'value', set(), set()

    def verdict(self, kind, targets, best, *, followed):
        if kind != 'inside' or not targets & set(best):
            return 'none' if not followed else 'guessed' if kind != 'inside' else 'wrong'
        if not followed:
            return 'shared' if len(best) > 1 else 'none'
        return 'right' if set(best) <= targets else 'several'

    def claim(self, kind, targets, guess):
        """What a guess by itself is."""
        if guess in targets:
            return 'right'
        if kind == 'inside' and self.partly and guess not in self.seen and self.index.entity.get(guess, ('', ''))[1] == 'function':
            return 'unseen'
        return 'inside wrong' if kind == 'inside' else kind

    def judge(self, file, at, name):
        kind, targets, names = self.truth(file, at)
        self.counts[kind] += 1
        found = self.index.placeholders(file, at[0], names | {name})
        if len(found) > 1:
            self.counts[kind] -= 1
            self.counts['not told apart'] += 1
            return
        guesses = []
        if found:
            caller, reference = found[0]
            own = self.index.guesses.get(caller, [])
            guesses = [guess for guess in own if guess[1] == reference]
            # where two placeholders mean the same, the guess has the name of one
            if not guesses:
                guesses = [guess for guess in own if guess[0] in targets]
        else:
            self.counts[kind + ' not seen'] += 1
        most = max((guess[2] for guess in guesses), default=0)
        best = [guess[0] for guess in guesses if guess[2] == most]
        verdict = self.verdict(kind, targets, best, followed=most >= THRESHOLD)
        self.counts[f'{kind} {verdict}'] += 1
        if kind in ('unknown', 'renamed'):
            return
        for target, _, confidence, method in guesses:
            claim = self.claim(kind, targets, target)
            if claim != 'unseen':
                self.steps[confidence][claim] += 1
                self.methods[method, confidence][claim] += 1
        self.examples.append((kind, verdict, guesses[0][3] if guesses else '', most, f'{file}:{at[0] + 1}', name,
                              found[0][1] if found else '', ' '.join(best), ' '.join(sorted(targets))))

    def run(self):
        for file, calls in self.sites.calls.items():
            for at, name in sorted(calls.items()):
                self.judge(file, at, name)
        for file, definitions in self.sites.definitions.items():
            for (line, _), name in definitions.items():
                self.counts['definitions'] += 1
                self.counts['definitions found'] += self.index.defined(file, line, name) is not None
        return self


def percent(part, whole):
    return f'{100 * part / whole:.1f}' if whole else ''


TOTALS = ('tree', 'language', 'set', 'definitions', 'found', 'inside', *CLASSES, 'outside', 'guessed', 'values',
          'values_guessed', 'unknown', 'unknown_guessed', 'renamed', 'not_told_apart')


def totals(name, language, part, counts):
    inside = counts['inside']
    return (name, language, part, counts['definitions'], percent(counts['definitions found'], counts['definitions']), inside,
            *(percent(counts[f'inside {verdict}'], inside) for verdict in CLASSES), counts['outside'],
            percent(counts['outside guessed'], counts['outside']), counts['value'],
            percent(counts['value guessed'], counts['value']), counts['unknown'],
            percent(counts['unknown guessed'], counts['unknown']), counts['renamed'], counts['not told apart'])


def put_claims(results, part, claims, *, label):
    for key, counts in sorted(claims.items(), key=str):
        total = sum(counts.values())
        results.put(part, *label(key), total, percent(counts['right'], total),
                    percent(counts['inside wrong'], total), percent(counts['outside'], total), percent(counts['value'], total))


def judge_tree(name, language):
    """A judge of all calls of a tree, without what it has judged by."""
    truth = truth_of(name, language)
    tree = PLACE / 'trees' / name
    index = Index('resolve_' + re.sub(r'\W', '_', name), tree)
    if truth.suffix == '.tsv':
        judge = Judge(index, *told_sites(truth), exact=language in ('java', 'cpp'), partly=language in ('c', 'cpp')).run()
    else:
        judge = Judge(index, python_sites(tree) if language == 'python' else script_sites(tree), *scip.read(truth)).run()
    progress(f'{name}: {judge.counts["inside"]:,} calls inside')
    return judge.counts, dict(judge.steps), dict(judge.methods), judge.examples


def truth_of(name, language):
    return PLACE / f'{name}.{"scip" if language in ("python", "typescript") else "tsv"}'


def judge_trees(trees):
    """What is found of each tree that there is a truth about, some at a time, in their order."""
    known = []
    for tree in trees:
        truth = truth_of(*tree[:2])
        if truth.exists() and truth.stat().st_size >= 1000:
            known.append(tree)
        else:
            progress(f'{tree[0]}: no truth')
    with concurrent.futures.ProcessPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        yield from zip(known, pool.map(judge_tree, [name for name, _, _ in known], [language for _, language, _ in known]))


def main():
    judged = Results('resolve', *TOTALS)
    steps = Results('resolve_confidence', 'set', 'confidence', 'guesses', 'right', 'wrong', 'outside', 'value')
    methods = Results('resolve_method', 'set', 'method', 'confidence', 'guesses', 'right', 'wrong', 'outside', 'value')
    examples = Results('resolve_calls', 'tree', 'kind', 'verdict', 'method', 'confidence', 'place', 'name', 'reference', 'guess', 'truth')
    sums = collections.defaultdict(collections.Counter)
    by_step = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    by_method = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    with open(PLACE / 'trees.tsv', encoding='utf-8') as file:
        trees = [line.split() for line in file]
    for (name, language, part), (counts, tree_steps, tree_methods, tree_examples) in judge_trees(trees):
        judged.put(*totals(name, language, part, counts))
        sums[language, part].update(counts)
        for step, claims in tree_steps.items():
            by_step[language, part][step].update(claims)
        for step, claims in tree_methods.items():
            by_method[language, part][step].update(claims)
        for example in tree_examples:
            examples.put(name, *(field or '-' for field in example))
    for (language, part), counts in sorted(sums.items()):
        judged.put(*totals('all', language, part, counts))
    for (language, part), claims in sorted(by_step.items()):
        put_claims(steps, f'{language} {part}', claims, label=lambda confidence: (f'{confidence:.2f}',))
    for (language, part), claims in sorted(by_method.items()):
        put_claims(methods, f'{language} {part}', claims, label=lambda key: (key[0], f'{key[1]:.2f}'))


if __name__ == '__main__':
    main()
