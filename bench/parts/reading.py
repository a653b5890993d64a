"""Reading, side by side: every rival is asked the same questions on the same
graph, in turns. A round asks each question of each rival once, so a ratio of two
medians of one round compares moments that lie close together, and the report
takes the median of these ratios over the rounds.

Each answer must have the count of the plain C search and, asked for once after the
first round, be the same set: see answers.py. What is not is a mismatch and goes to
a file of its own, which ./run bench prints.
"""
import time

from answers import Keys, ask_for_set
from harness import (BENCH, NOT_READ, RIVALS, TEXT_RIVALS, Failure, Question, Results, Rival, choose, graphs,
                     median, missing, note, progress, psql, seeded)

ROUNDS = choose(3, 5)
BUDGET_MS = choose(15, 60)         # no further run of a question begins after that
ANSWER_SECONDS = choose(4, 60)      # an answer that takes longer is none
LOAD_SECONDS = choose(15, 300)
RIVAL_SECONDS = choose(3.5, 60)      # for all questions on one graph
SLOW_SECONDS = choose(0.4, 3)       # slower questions are asked in one round only
SET_SECONDS = choose(0.4, 10)       # answers that took longer are not compared as sets

# start, direction, mode, hops; the order is that of importance
QUESTIONS = choose(
    [('hub', 'in', 'count', (-1, 5, 2)), ('leaf', 'out', 'count', (-1, 5, 2)),
     ('hub', 'in', 'rows', (-1,)), ('leaf', 'out', 'rows', (2,))],
    [('hub', 'in', 'count', (-1, 5, 3, 2, 1)), ('leaf', 'out', 'count', (-1, 5, 3, 2, 1)),
     ('hub', 'in', 'rows', (-1, 2)), ('leaf', 'out', 'rows', (-1, 2)),
     ('hub', 'out', 'count', (-1, 2)), ('leaf', 'in', 'count', (-1, 2))])
SIMPLE_QUESTIONS = [('hub', 'in', 'count', (-1, 2)), ('leaf', 'out', 'count', (-1, 2))]


def starts_of(graph):
    """A node that much leads to, and one of few edges."""
    if graph.name.startswith(('band', 'chain')):
        return {'hub': graph.nodes - 1, 'leaf': 0}
    if graph.name.startswith('star'):
        return {'hub': 0, 'leaf': 1}
    out, into = graph.degrees()
    hub = max(range(graph.nodes), key=into.__getitem__)
    few = sorted(out[node] + into[node] for node in range(graph.nodes) if out[node] and into[node])[graph.nodes // 20]
    leaves = [node for node in range(graph.nodes) if out[node] and into[node] and out[node] + into[node] <= few]
    return {'hub': hub, 'leaf': seeded().choice(leaves)}


def questions_of(graph):
    simple = graph.name.startswith(('chain', 'star'))
    starts = starts_of(graph)
    keys = {}
    if graph.text:
        for kind, start in starts.items():
            keys[kind] = psql('-c', f'SELECT key FROM {graph.text}.node WHERE id = {start}')
    return [Question(starts[kind], kind, direction, hops, mode, key=keys.get(kind))
            for kind, direction, mode, bounds in (SIMPLE_QUESTIONS if simple else QUESTIONS) for hops in bounds]


class Seat:
    """A rival at the table for one graph, with what it has used and said."""

    def __init__(self, name, graph, table):
        self.name, self.graph, self.table = name, graph, table
        self.used = 0.0
        self.given_up = {}              # question: why
        self.took = {}                  # question: seconds, when last asked
        self.rival = None
        self.too_late = f'not asked: its {RIVAL_SECONDS} s on this graph were over'
        self.absent = missing('postgres' if name in ('cte', 'plpgsql') else name)
        if not self.absent:
            self.sit_down()

    def sit_down(self):
        if self.used > RIVAL_SECONDS:
            self.absent = self.too_late
            return
        try:
            self.rival = Rival(self.name, self.graph, LOAD_SECONDS, ANSWER_SECONDS)
        except Failure as failure:
            self.absent = str(failure)

    def ask(self, question, once=False):
        """The answer or None; a failure is kept, and not asked for again."""
        if self.absent:
            self.given_up.setdefault(question, self.absent)
        elif not once and self.used > RIVAL_SECONDS and question not in self.given_up:
            self.given_up[question] = self.too_late
        if question in self.given_up:
            return None
        begun = time.monotonic()
        try:
            answer = self.rival.ask(question, ANSWER_SECONDS + 5, *((0, 1) if once else (1, 20)), budget=BUDGET_MS)
        except Failure as failure:
            self.given_up[question] = str(failure)
            self.rival.close()
            self.used += time.monotonic() - begun
            self.sit_down()
            return None
        self.used += time.monotonic() - begun
        if answer is None:
            self.given_up[question] = ''        # has no query for that
        return answer

    def ask_for_set(self, question, keys):
        """The answer, or why there is none."""
        if self.absent or question not in self.took:
            return 'no query' if self.given_up.get(question) == '' else 'no answer'
        if self.took[question] > SET_SECONDS:
            return 'too slow'
        try:
            return ask_for_set(self.rival, question, ANSWER_SECONDS + 5, keys) or 'counts only'
        except Failure as failure:
            self.rival.close()
            self.sit_down()
            return str(failure)

    def leave(self):
        if self.rival:
            self.rival.close()


class Table:
    """All rivals on all graphs, and the files the results go to, whose names begin
    with the prefix."""

    def __init__(self, rivals=tuple(RIVALS), prefix='', rounds=ROUNDS):
        self.rivals, self.rounds = rivals, rounds
        self.reading = Results(f'{prefix}reading', 'graph', 'start', 'kind', 'direction', 'hops', 'mode', 'levels',
                               'round', 'rival', 'count', 'runs', 'median_us')
        self.failures = Results(f'{prefix}failures', 'graph', 'kind', 'direction', 'hops', 'mode', 'rival', 'why')
        self.loading = Results(f'{prefix}loading', 'graph', 'rival', 'loaded_s', 'pss_kb')
        self.about = Results(f'{prefix}about', 'rival', 'what', 'text')
        self.sets = Results(f'{prefix}sets', 'graph', 'start', 'kind', 'direction', 'hops', 'rival', 'compared', 'rows',
                            'checksum')
        self.mismatches = open_mismatches(prefix)
        self.known = set()

    def introduce(self, seat):
        if seat.rival and seat.name not in self.known:
            self.known.add(seat.name)
            for what, text in seat.rival.said:
                self.about.put(seat.name, what, text)

    def take_round(self, number, questions, expected, seats):
        for question in questions:
            for seat in seats:
                answer = seat.ask(question)
                if answer is None:
                    continue
                count, _, _, times = answer
                middle = median(times)
                seat.took[question] = max(times) / 1e6
                self.reading.put(seat.graph.name, question.start_of(seat.name), question.kind, question.direction,
                                 question.hops_text, question.mode, question.levels, number, seat.name, count,
                                 len(times), f'{middle:.1f}')
                if count != expected[question]:
                    self.mismatches(seat, question, question.mode, count, expected[question])
                if middle > SLOW_SECONDS * 1e6:
                    seat.given_up[question] = ''

    def compare_sets(self, questions, limit, seats):
        """Once for the start, direction and bound of questions, whether counted or not."""
        asked = set()
        text_keys = Keys(limit.graph)
        for question in questions:
            what = question.kind, question.direction, question.hops
            if what in asked or not limit.rival:
                continue
            asked.add(what)
            expected = ask_for_set(limit.rival, question, ANSWER_SECONDS + 5)
            for seat in seats:
                answer = seat.ask_for_set(question, text_keys if seat.name in TEXT_RIVALS else None)
                self.put_set(seat, question, answer)
                difference = '' if isinstance(answer, str) else answer.differs_from(expected)
                if difference:
                    self.mismatches(seat, question, 'set', difference, expected.checksum)

    def put_set(self, seat, question, answer):
        row = seat.graph.name, question.start_of(seat.name), question.kind, question.direction, question.hops_text, seat.name
        if isinstance(answer, str):
            self.sets.put(*row, answer, '', '')
        else:
            self.sets.put(*row, 'nodes and distances' if answer.has_distances else 'nodes', len(answer.rows),
                          answer.checksum)

    def play(self, graph):
        names = [name for name in self.rivals if graph.text or name not in TEXT_RIVALS]
        seats = [Seat(name, graph, self) for name in names]
        questions = questions_of(graph)
        for seat in seats:
            self.introduce(seat)
        for seat in seats:
            if seat.name.startswith('parseltongue'):
                seat.ask(questions[0], once=True)       # the image: its loading
        limit = next(seat for seat in seats if seat.name == 'csr')
        expected = {}
        for question in questions:
            count, _, levels, _ = limit.ask(question, once=True)
            expected[question] = count
            question.levels = max(1, levels)
        comparing = 0.0
        for number in range(self.rounds):
            self.take_round(number, questions, expected, seats)
            if number == 0:
                begun = time.monotonic()
                self.compare_sets(questions, limit, seats)
                comparing = time.monotonic() - begun
        for seat in seats:
            if seat.rival and not seat.absent:
                self.loading.put(graph.name, seat.name, seat.rival.loaded, seat.rival.memory() or '')
            for question, why in seat.given_up.items():
                if why:
                    self.failures.put(graph.name, question.kind, question.direction, question.hops_text,
                                      question.mode, seat.name, why)
            seat.leave()
        progress(f'{graph.name}: ' + ', '.join(f'{seat.name} {seat.used:.0f} s' for seat in seats) +
                 f'; comparing {comparing:.0f} s')


def open_mismatches(prefix=''):
    """There is no file unless there is a mismatch."""
    results = None
    (BENCH / 'results' / f'{prefix}mismatches.tsv').unlink(missing_ok=True)

    def add(seat, question, mode, answer, expected):
        nonlocal results
        results = results or Results(f'{prefix}mismatches', 'graph', 'rival', 'question', 'answer', 'expected')
        text = f'{mode} {question.direction} {question.hops_text} from {question.start_of(seat.name)}'
        results.put(seat.graph.name, seat.name, text, answer, expected)
        note(f'{seat.graph.name} {seat.name}: {text}: {answer}, expected {expected}')
    return add


def main():
    table = Table()
    for graph in graphs():
        if graph.name not in NOT_READ:
            table.play(graph)


if __name__ == '__main__':
    main()
