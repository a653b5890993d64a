"""Plots for the report, by gnuplot, as SVG."""
import math
import subprocess

from harness import BENCH, RIVALS, note, read_results

HEAD = """set terminal svg size 860,480 font 'sans-serif,12' background rgb 'white'
set output '{path}'
set grid lc rgb '#dddddd'
set key outside right font ',10'
"""


def plot(name, settings, curves):
    """curves: (data, how to draw); a file NAME.svg in the report's folder."""
    path = BENCH / 'report' / f'{name}.svg'
    script = HEAD.format(path=path) + settings + '\n'
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
    picture = plot('growth_work', "set logscale xy\nset xlabel 'edges looked at'\nset ylabel 'microseconds'", [
        (ours, "with points pt 7 ps 0.5 lc rgb '#1f6fb4' title 'parseltongue'"),
        (limit, "with points pt 6 ps 0.5 lc rgb '#999999' title 'plain C'"),
        (line, "with lines lw 2 lc rgb '#d62728' title 'fitted line'")])
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
    for hops, colour in (('2', '#1f6fb4'), ('3', '#d62728')):
        data = [(int(r['nodes']), float(r['parseltongue_us'])) for r in rows if r['hops'] == hops]
        exponent, factor = power_fit(data)
        curves.append((data, f"with linespoints pt 7 lc rgb '{colour}' title '{hops} hops'"))
        curves.append(([(x, factor * x ** exponent) for x, _ in data],
                       f"with lines dt 2 lc rgb '{colour}' title 'fit: size^{{{exponent:.3f}}}'"))
    highest = max(float(r['parseltongue_us']) for r in rows)
    return plot('growth_size', "set logscale x\nset xlabel 'nodes of the graph'\nset ylabel 'microseconds, median'\n"
                f'set yrange [0:{highest * 1.5:.0f}]', curves)


def everything(reading):
    """Time to count everything that leads to a hub of the code-like graphs."""
    points = {}
    sizes = {row['graph']: int(row['edges']) for row in read_results('graphs')}
    for question in list(reading.times):
        if question[0].startswith('code_') and question[1:] == ('hub', 'in', 'all', 'count'):
            for rival in reading.times[question]:
                points.setdefault(rival, []).append((sizes[question[0]], reading.time(question, rival) / 1000))
    curves = [(sorted(points[rival]), f"with linespoints {'lw 3' if rival == 'parseltongue' else 'lw 1'} "
               f"title '{RIVALS[rival][0]}'") for rival in RIVALS if rival in points]
    if not curves:
        return ''
    return plot('everything', "set logscale xy\nset xlabel 'edges'\nset ylabel 'milliseconds'", curves)


def clients():
    rows = read_results('clients')
    if not rows:
        return ''
    curves = []
    for rival in ('parseltongue', 'cte'):
        for graph, hops in dict.fromkeys((r['graph'], r['hops']) for r in rows):
            data = [(r['clients'], r['tps']) for r in rows
                    if (r['rival'], r['graph'], r['hops']) == (rival, graph, hops)]
            curves.append((data, f"with linespoints title '{rival}, {graph}, {hops} hops' noenhanced"))
    return plot('clients', "set logscale x 2\nset xlabel 'clients'\nset ylabel 'questions a second'\nset yrange [0:]",
                curves)
