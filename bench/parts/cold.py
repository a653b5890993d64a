"""The first question: of a new connection when the image of the graph is shared,
of a new connection after a restart of the server, and of the sessions after it.
The files of the tables stay in the operating system's cache throughout."""
from harness import LARGEST, Results, Statements, choose, graph, progress, restart_server, seeded

CONNECTIONS = choose(30, 200)
RESTARTS = choose(2, 5)


def questions(name):
    """The same questions of parseltongue and of the recursive CTE."""
    two_hops = f"SELECT pt_blast_radius_count('{{}}', 2, 'out', graph => '{name}')"
    cte = f"""WITH RECURSIVE r(x, d) AS (SELECT {{}}::bigint, 0 UNION SELECT e.b, r.d + 1
        FROM r JOIN {name} AS e ON e.a = r.x WHERE r.d < 2) SELECT count(DISTINCT x) - 1 FROM r"""
    return {'parseltongue': two_hops, 'cte': cte}


def main():
    results = Results('cold', 'graph', 'rival', 'when', 'connect_us', 'first_us')
    for name in ('code_10k', LARGEST):
        random = seeded()
        nodes = graph(name).nodes
        for rival, question in questions(name).items():
            for _ in range(RESTARTS):
                restart_server()
                statements = Statements()
                for when in ('after a restart', 'the next connection'):
                    took, connecting, _ = statements.fresh(question.format(random.randrange(nodes)))
                    results.put(name, rival, when, f'{connecting:.1f}', f'{took:.1f}')
                statements.close()
            statements = Statements()
            for _ in range(CONNECTIONS):
                took, connecting, _ = statements.fresh(question.format(random.randrange(nodes)))
                results.put(name, rival, 'a new connection', f'{connecting:.1f}', f'{took:.1f}')
            for _ in range(CONNECTIONS):
                took, _ = statements.run(question.format(random.randrange(nodes)))
                results.put(name, rival, 'a warm connection', '', f'{took:.1f}')
            statements.close()
        progress(name)


main()
