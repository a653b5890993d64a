"""Answers as sets. A rival writes each row of its answer into a file (see
rivals/rival.c); all are read, sorted and summed up here, by one program for all
rivals. A rival whose query gives no distances is compared by its nodes; one that
has no query with rows only counts.
"""
import functools
import hashlib

from harness import GRAPHS, Question


def digest(lines):
    return hashlib.sha256(b'\n'.join(lines)).hexdigest()[:16]


class Answer:
    """Sorted lines "node" or "node<TAB>distance", and their checksum."""

    def __init__(self, lines):
        self.rows = sorted(lines)
        self.checksum = digest(self.rows)
        self.has_distances = bool(self.rows) and b'\t' in self.rows[0]

    @functools.cached_property
    def of_nodes(self):
        """The same without distances."""
        return Answer(row.split(b'\t')[0] for row in self.rows) if self.has_distances else self

    def differs_from(self, other):
        """In words, or an empty text."""
        ours, theirs = (self, other) if self.has_distances and other.has_distances else (self.of_nodes, other.of_nodes)
        return '' if ours.checksum == theirs.checksum else self.difference(ours.rows, theirs.rows)

    @staticmethod
    def difference(ours, theirs):
        """Where the checksums are not the same."""
        wrong, missing = set(ours) - set(theirs), set(theirs) - set(ours)
        said = [f'{len(rows):,} {what}, such as {example(rows)}'
                for what, rows in (('that should not be there', wrong), ('missing', missing)) if rows]
        return '; '.join(said) or f'{len(ours):,} rows, of which {len(set(ours)):,} differ'


def example(rows):
    node, *distance = min(rows).decode('utf-8', 'replace').split('\t')
    return f'{node} at distance {distance[0]}' if distance else node


class Keys:
    """The numbers of text keys: line by line, in order, in a file that the part graphs wrote."""

    def __init__(self, graph):
        self.number = {}
        if graph.text:
            with open(GRAPHS / f'{graph.name}.keys', 'rb') as file:
                self.number = {line.rstrip(b'\n'): b'%d' % number for number, line in enumerate(file)}

    def numbered(self, row):
        key, *distance = row.split(b'\t')
        return b'\t'.join([self.number.get(key, key), *distance])


def ask_for_set(rival, question, seconds, keys=None):
    """The answer, or None if the rival only counts."""
    asked = Question(question.start, question.kind, question.direction, question.hops, 'set', question.levels,
                     question.key)
    if rival.ask(asked, seconds, warm=0, runs=1) is None:
        return None
    rows = (rival.folder / 'answer').read_bytes().splitlines()
    return Answer(map(keys.numbered, rows) if keys else rows)
