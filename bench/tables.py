"""Reading results back for the report: ratios of pairs, and Markdown."""
from collections import defaultdict

from harness import BENCH, median, read_results

OURS = 'parseltongue'
CTES = ('cte', 'cte-depth')


def time_text(us):
    """Microseconds for a reader."""
    if us < 1000:
        return f'{us:.3g} µs' if us < 100 else f'{us:.0f} µs'
    if us < 1e6:
        return f'{us / 1000:.3g} ms' if us < 1e5 else f'{us / 1000:.0f} ms'
    return f'{us / 1e6:.3g} s'


def ratio_text(ratio):
    if ratio is None:
        return ''
    return f'{ratio:,.0f}' if ratio >= 10 else f'{ratio:.2g}'


def bytes_text(size):
    size = float(size)
    for unit in ('B', 'kB', 'MB'):
        if size < 1000:
            return f'{size:.3g} {unit}'
        size /= 1000
    return f'{size:.3g} GB'


def table(headers, rows, right=1):
    """A Markdown table; columns from number `right` on are numbers."""
    lines = ['| ' + ' | '.join(map(str, headers)) + ' |',
             '|' + '|'.join('---' if i < right else '---:' for i in range(len(headers))) + '|']
    lines += ['| ' + ' | '.join(str(cell).replace('|', '\\|') for cell in row) + ' |' for row in rows]
    return '\n'.join(lines) + '\n'


class Reading:
    """The part reading: medians by question, rival and round."""

    def __init__(self, folder=BENCH / 'results'):
        self.times = defaultdict(lambda: defaultdict(dict))
        self.counts = {}
        self.why = {}
        graphs = read_results('graphs', folder)
        self.nodes, self.edges = ({row['graph']: int(row[what]) for row in graphs} for what in ('nodes', 'edges'))
        for row in read_results('reading', folder):
            question = self.question(row)
            self.times[question][row['rival']][row['round']] = float(row['median_us'])
            if row['rival'] == OURS:
                self.counts[question] = int(row['count'])
        for row in read_results('failures', folder):
            self.why[self.question(row), row['rival']] = row['why']

    @staticmethod
    def question(row):
        return row['graph'], row['kind'], row['direction'], row['hops'], row['mode']

    def questions(self, graph):
        return [question for question in self.times if question[0] == graph]

    def time(self, question, rival=OURS):
        values = self.times[question].get(rival)
        return median(values.values()) if values else None

    def ratio(self, question, rival, base=OURS):
        """The median over the rounds of rival's time divided by base's."""
        ours, theirs = self.times[question].get(base, {}), self.times[question].get(rival, {})
        pairs = [theirs[number] / ours[number] for number in theirs if number in ours]
        return median(pairs) if pairs else None

    def best(self, question, rivals):
        """Of some rivals, the fastest that answered."""
        answered = [rival for rival in rivals if self.time(question, rival) is not None]
        return min(answered, key=lambda rival: self.time(question, rival), default=None)

    def answers(self):
        """How many answers were compared."""
        return sum(len(rounds) for rivals in self.times.values() for rounds in rivals.values())

    def spread(self):
        """How far the plain C search's own medians of one question lie apart from
        round to round: what the machine adds."""
        spreads = [max(rounds.values()) / min(rounds.values()) for rivals in self.times.values()
                   for rival, rounds in rivals.items() if rival == 'csr' and min(rounds.values()) > 20]
        return (median(spreads), max(spreads)) if spreads else None


def question_text(question, count):
    _, kind, direction, hops, mode = question
    what = {'in': 'what leads to', 'out': 'what follows from'}[direction]
    bound = 'everything' if hops == 'all' else f'{hops} hop' + ('s' if hops != '1' else '')
    return f"{what} a {kind}: {bound}, {'counted' if mode == 'count' else 'rows'} ({count:,})"
