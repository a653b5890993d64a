"""Memory of the server with 1, 10 and 50 sessions that have each asked for
everything, as the proportional set size of its processes: private pages in full,
shared pages (the image, the server's cache) divided among those that map them.
What the rivals of the part reading take is measured there."""
from pathlib import Path

from harness import DATA, LARGEST, Results, Statements, graph, progress, pss, restart_server, seeded

SESSIONS = (1, 10, 50)


def server_processes():
    """The postmaster and its children: name and proportional set size in kB."""
    postmaster = int((DATA / 'postmaster.pid').read_text().split()[0])
    children = Path(f'/proc/{postmaster}/task/{postmaster}/children').read_text().split()
    processes = [('postmaster', pss(postmaster) or 0)]
    for child in children:
        title = Path(f'/proc/{child}/cmdline').read_text().split('\0')[0]
        processes.append((title, pss(int(child)) or 0))
    return processes


def detail(pid, *names):
    """Sums of fields of smaps_rollup in kB."""
    sums = dict.fromkeys(names, 0)
    for line in Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines():
        name, _, rest = line.partition(':')
        if name in sums:
            sums[name] += int(rest.split()[0])
    return [sums[name] for name in names]


def measure(results, name, question, rival, sessions):
    restart_server()
    statements = Statements()
    random = seeded()
    pids = []
    for number in range(sessions):
        pids.append(int(statements.run('SELECT pg_backend_pid()', f's{number}')[1]))
    idle = sum(size for _, size in server_processes())
    for number in range(sessions):
        statements.run(question.format(random.randrange(graph(name).nodes)), f's{number}')
    whole = sum(size for _, size in server_processes())
    private = [detail(pid, 'Private_Dirty')[0] for pid in pids]
    image = statements.run(f"SELECT image_bytes FROM pt_graph_status('{name}')", 's0')[1]
    results.put(name, rival, sessions, idle, whole, max(private), image)
    statements.close()


def main():
    results = Results('memory', 'graph', 'rival', 'sessions', 'idle_kb', 'whole_kb', 'private_kb', 'image_bytes')
    for name in ('code_10k', LARGEST):
        everything = f"SELECT pt_blast_radius_count('{{}}', NULL, 'out', graph => '{name}')"
        two_hops = f"""WITH RECURSIVE r(x, d) AS (SELECT {{}}::bigint, 0 UNION SELECT e.b, r.d + 1
            FROM r JOIN {name} AS e ON e.a = r.x WHERE r.d < 2) SELECT count(*) FROM r"""
        for sessions in SESSIONS:
            measure(results, name, everything, 'parseltongue', sessions)
            measure(results, name, two_hops, 'cte', sessions)
        progress(name)


main()
