"""Plots for the report, by gnuplot, as SVG."""
import math
import statistics
import subprocess

from harness import BENCH, EVERY_RIVAL, RIVALS, note, read_results

HEAD = """set terminal svg size 860,480 font 'sans-serif,12' background rgb 'white'
set output '{path}'
set title "{title}"
set grid xtics ytics lt 1 lc rgb '#dddddd'
set key outside right font ',10'
"""
FITTED = '#000000'


def colour(rival):
    """The same in all plots."""
    return f"lc rgb '{EVERY_RIVAL[rival][2]}'"


def plot(name, title, settings, curves, folder=BENCH / 'report'):
    """curves: (data, how to draw); a file NAME.svg in the folder."""
    path = folder / f'{name}.svg'
    script = HEAD.format(path=path, title=title) + settings + '\n'
    for number, (data, _) in enumerate(curves):
        script += f'$d{number} << EOD\n' + '\n'.join(' '.join(map(str, point)) for point in data) + '\nEOD\n'
    script += 'plot ' + ', '.join(f'$d{number} {how}' for number, (_, how) in enumerate(curves)) + '\n'
    done = subprocess.run(['gnuplot'], input=script, text=True, stderr=subprocess.PIPE)
    if done.returncode != 0:
        note(f'{name}: {done.stderr}')
        return ''
    return f'![{name}]({name}.svg)\n'


def power_fit(points):
    """Exponent and factor of y = factor * x^exponent, least squares of logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    n = len(logs)
    mean_x, mean_y = sum(x for x, _ in logs) / n, sum(y for _, y in logs) / n
    exponent = sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
    return exponent, math.exp(mean_y - exponent * mean_x)


def linear_fit(points):
    """Constant and slope of y = constant + slope * x, of least squares of relative
    errors, so that small walks count as much as large ones."""
    w = [1 / (y * y) for _, y in points]
    s, sx = sum(w), sum(wi * x for wi, (x, _) in zip(w, points))
    sy = sum(wi * y for wi, (_, y) in zip(w, points))
    sxx = sum(wi * x * x for wi, (x, _) in zip(w, points))
    sxy = sum(wi * x * y for wi, (x, y) in zip(w, points))
    slope = (s * sxy - sx * sy) / (s * sxx - sx * sx)
    return (sy - slope * sx) / s, slope


def growth_work():
    """Time against edges looked at. Gives the plot and a sentence."""
    rows = read_results('growth_work')
    ours = [(int(r['touched']), float(r['parseltongue_us'])) for r in rows if int(r['touched']) > 0]
    limit = [(int(r['touched']), float(r['csr_us'])) for r in rows if int(r['touched']) > 0]
    if len(ours) < 10:
        return ''
    constant, slope = linear_fit(ours)
    large = [point for point in ours if point[0] >= 1000]
    exponent, _ = power_fit(large if len(large) > 5 else ours)
    line = [(10 ** (e / 10), constant + slope * 10 ** (e / 10))
            for e in range(int(10 * math.log10(max(x for x, _ in ours))) + 1)]
    picture = plot('growth_work', 'Time of a walk by the edges that it looks at',
                   "set logscale xy\nset xlabel 'edges looked at'\nset ylabel 'microseconds'", [
                       (ours, f"with points pt 7 ps 0.5 {colour('parseltongue')} title 'parseltongue'"),
                       (limit, f"with points pt 6 ps 0.5 {colour('csr')} title '{EVERY_RIVAL['csr'][0]}'"),
                       (line, f"with lines lw 2 lc rgb '{FITTED}' title 'fitted line'")])
    return picture + f"""
{rows[0]['graph']}: time = {constant:.0f} µs + {slope * 1000:.1f} ns for each edge looked at (least squares of relative
errors over {len(ours)} walks, the round trip of the client included). From 1,000 edges on the time grows as the edges to the
power of {exponent:.2f}.
"""


def growth_size():
    rows = read_results('growth_size')
    if not rows:
        return ''
    curves = []
    for hops, mark in (('2', 6), ('3', 7)):
        data = [(int(r['nodes']), float(r['parseltongue_us'])) for r in rows if r['hops'] == hops]
        exponent, factor = power_fit(data)
        curves.append((data, f"with linespoints pt {mark} {colour('parseltongue')} title 'parseltongue, {hops} hops'"))
        curves.append(([(x, factor * x ** exponent) for x, _ in data],
                       f"with lines dt 2 lc rgb '{FITTED}' title 'fit: size^{{{exponent:.3f}}}'"))
    highest = max(float(r['parseltongue_us']) for r in rows)
    return plot('growth_size', 'The same work in larger graphs', "set logscale x\nset xlabel 'nodes of the graph'\n"
                f"set ylabel 'microseconds, median'\nset yrange [0:{highest * 1.5:.0f}]", curves)


def everything(reading, name='everything', folder=BENCH / 'report', title='Everything that leads to a hub, counted'):
    """Time against edges, of the code-like graphs."""
    points = {}
    for question in list(reading.times):
        if question[0].startswith('code_') and question[0] in reading.edges and question[1:] == ('hub', 'in', 'all', 'count'):
            for rival in reading.times[question]:
                points.setdefault(rival, []).append((reading.edges[question[0]], reading.time(question, rival) / 1000))
    curves = [(sorted(points[rival]), f"with linespoints pt 7 ps 0.5 lw {3 if rival == 'parseltongue' else 1.5} "
               f"{colour(rival)} title '{EVERY_RIVAL[rival][0]}'") for rival in RIVALS if rival in points]
    if not curves:
        return ''
    return plot(name, title, "set logscale xy\nset format x '%.0s%c'\nset format y '%g'\nset xlabel 'edges of the graph'\n"
                "set ylabel 'milliseconds'", curves, folder)


def clients():
    rows = read_results('clients')
    if not rows:
        return ''
    curves = []
    for rival in ('parseltongue', 'cte'):
        for number, (graph, hops) in enumerate(dict.fromkeys((r['graph'], r['hops']) for r in rows)):
            data = [(r['clients'], r['tps']) for r in rows
                    if (r['rival'], r['graph'], r['hops']) == (rival, graph, hops)]
            curves.append((data, f"with linespoints pt {number + 4} dt {number + 1} {colour(rival)} "
                           f"title '{EVERY_RIVAL[rival][0]}, {graph}, {hops} hops' noenhanced"))
    return plot('clients', 'Clients at once', "set logscale x 2\nset xlabel 'clients'\nset ylabel 'questions a second'\n"
                'set yrange [0:]', curves)


def bars(name, title, label, groups):
    """groups: {name of a group: {rival: value}}, in clusters of one colour a rival."""
    rivals = [rival for rival in EVERY_RIVAL if any(rival in group for group in groups.values())]
    curves = [([('"' + text.replace(', ', ',\\n') + '"', group.get(rival, '?')) for text, group in groups.items()],
               f"using 2:xtic(1) with histograms {colour(rival)} title '{EVERY_RIVAL[rival][0]}'") for rival in rivals]
    return plot(name, title, "set style fill solid\nset grid noxtics\nset xtics noenhanced\nset bmargin 4\nset style histogram clustered gap 1\nset datafile missing '?'\n"
                f"set ylabel '{label}'\nset yrange [0:]", curves) if curves else ''


def fresh(ratios):
    """{state: {rival: ratio}}"""
    return bars('fresh', 'Everything reachable from a random node, of fresh rows', 'times the median of the vacuumed table', ratios)


def teps():
    rows = read_results('teps')
    if not rows:
        return ''
    rates = {rival: statistics.harmonic_mean([int(r['edges']) / float(r['us']) for r in rows if r['rival'] == rival])
             for rival in dict.fromkeys(r['rival'] for r in rows)}
    return bars('teps', 'Whole walks of a Kronecker graph', 'million edges a second, harmonic mean', {rows[0]['graph']: rates})
