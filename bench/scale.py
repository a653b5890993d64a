#!/usr/bin/env python3
"""scale.py [quick] [KIND ...]: what walks over a graph in several shards would cost.

A simulation, in plain Python, of what docs/scale.md discusses: no server, no network.
Edges are on the shard that a partitioner gives their source, as in a table partitioned
by its source, and walks go from source to target. Counted are

  cut           the share of edges whose ends are on two shards
  largest       edges of the largest shard, as a multiple of the mean
  levels        of the walk, which are its round trips if each level is a query
  touched       shards that a level has to be asked of, on average
  rows          edges that the shards send back: all that leave the nodes reached
  sent          nodes that would cross between shards if each kept, for the time of the walk,
                which of its nodes are visited and which others it has sent
  rounds        round trips if a shard also walked on by itself as far as it gets, and
  local_sent    nodes that would cross then
  repeated      nodes expanded then, as a multiple of those that a walk by levels expands:
                a shard that walks on may come to a node by a longer way first
  any_rounds    rounds if nobody wanted to know distances, so that no node is expanded or
                sent twice; only of walks without a bound

Partitioners: hash of the node; range, nodes of neighbouring numbers together, as folders
or tenants are; greedy, nodes one after another to the shard that has most of their
neighbours and is not full (Stanton and Kliot, "Streaming graph partitioning for large
distributed graphs", 2012, linear deterministic greedy).

Graphs: code and kronecker are those of the benchmark (generate.c, compiled with cc);
tenants is code in 400 parts of its own with one edge in a hundred to another part; grid is
a square of streets. The result is tab-separated, on standard output.
"""
import random
import subprocess
import sys
import tempfile
from array import array
from pathlib import Path

SEED = 42
SHARDS = 16
TENANTS = 400
STARTS = 10             # of walks of three hops
NOWHERE = 0xFFFFFFFF


# ---------------------------------------------------------------------------
# Graphs: pairs of nodes, and then rows of targets.
# ---------------------------------------------------------------------------

class Graph:
    """Compressed sparse rows by source."""

    def __init__(self, nodes, pairs):
        self.nodes = nodes
        degree = array('I', bytes(4 * (nodes + 1)))
        sources, targets = pairs
        for source in sources:
            degree[source + 1] += 1
        for node in range(nodes):
            degree[node + 1] += degree[node]
        self.first = array('I', degree)
        self.ends = array('I', bytes(4 * len(sources)))
        for source, target in zip(sources, targets):
            self.ends[degree[source]] = target
            degree[source] += 1

    def row(self, node):
        return self.ends[self.first[node]:self.first[node + 1]]

    def degree(self, node):
        return self.first[node + 1] - self.first[node]


def generated(kind, nodes, edges):
    """Of the benchmark's own generator."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / 'generate'
        subprocess.run(['cc', '-O2', '-o', program, Path(__file__).with_name('generate.c')], check=True)
        with subprocess.Popen([program, kind, str(nodes), str(edges), str(SEED)], stdout=subprocess.PIPE) as made:
            sources, targets = array('I'), array('I')
            for line in made.stdout:
                source, target = line.split()
                sources.append(int(source))
                targets.append(int(target))
    return Graph(nodes, (sources, targets))


def tenants(nodes, edges):
    """A code graph for each tenant; one edge in a hundred leads to another's."""
    rng = random.Random(SEED)
    part = nodes // TENANTS
    sources, targets = array('I'), array('I')
    for i in range(edges):
        source = i * nodes // edges
        base = source // part * part
        if rng.random() < 0.01:
            target = rng.randrange(nodes)
        elif rng.random() < 0.6:
            target = min(max(source + rng.randrange(-50, 51), base), base + part - 1)
        else:
            target = base + int(part * rng.random() ** 4)
        if target != source:
            sources.append(source)
            targets.append(target)
    return Graph(nodes, (sources, targets))


def grid(side):
    """Streets: each crossing leads to its neighbours."""
    sources, targets = array('I'), array('I')
    for node in range(side * side):
        x, y = node % side, node // side
        for is_there, other in ((x > 0, node - 1), (x < side - 1, node + 1), (y > 0, node - side), (y < side - 1, node + side)):
            if is_there:
                sources.append(node)
                targets.append(other)
    return Graph(side * side, (sources, targets))


# ---------------------------------------------------------------------------
# Partitioners: the shard of each node.
# ---------------------------------------------------------------------------

def by_hash(graph):
    """An odd multiplier and a shift, which is enough to scatter neighbours."""
    return bytearray((node * 0x9E3779B97F4A7C15 >> 40 & 0xFFFFFF) % SHARDS for node in range(graph.nodes))


def by_range(graph):
    return bytearray(node * SHARDS // graph.nodes for node in range(graph.nodes))


def by_greed(graph):
    """One pass in random order. A node counts neighbours in either direction."""
    sources = array('I', bytes(4 * len(graph.ends)))
    for node in range(graph.nodes):
        for i in range(graph.first[node], graph.first[node + 1]):
            sources[i] = node
    back = Graph(graph.nodes, (graph.ends, sources))
    order = list(range(graph.nodes))
    random.Random(SEED).shuffle(order)
    shard = bytearray([255]) * graph.nodes
    size = [0] * SHARDS
    room = graph.nodes / SHARDS * 1.1
    for node in order:
        near = [0] * SHARDS
        for row in (graph.row(node), back.row(node)):
            for other in row:
                if shard[other] != 255:
                    near[shard[other]] += 1
        best = max(range(SHARDS), key=lambda s: ((near[s] + 1e-6) * (1 - size[s] / room)))
        shard[node] = best
        size[best] += 1
    return shard


PARTITIONERS = {'hash': by_hash, 'range': by_range, 'greedy': by_greed}


def cut_of(graph, shard):
    """The share of edges cut, and the size of the largest shard."""
    cut = 0
    sizes = [0] * SHARDS
    for node in range(graph.nodes):
        own = shard[node]
        row = graph.row(node)
        sizes[own] += len(row)
        for other in row:
            cut += shard[other] != own
    return cut / len(graph.ends), max(sizes) * SHARDS / len(graph.ends)


# ---------------------------------------------------------------------------
# Walks.
# ---------------------------------------------------------------------------

def walk_by_level(graph, shard, start, hops):
    """Nodes reached, levels, shards touched, rows, nodes sent, nodes expanded."""
    distance = array('I', [NOWHERE]) * graph.nodes
    distance[start] = 0
    frontier = [start]
    told = [set() for _ in range(SHARDS)]
    reached, levels, touched, rows, expanded = 1, 0, 0, 0, 0
    while frontier and levels < hops:
        levels += 1
        touched += len({shard[node] for node in frontier})
        expanded += len(frontier)
        found = []
        for node in frontier:
            own = shard[node]
            row = graph.row(node)
            rows += len(row)
            for other in row:
                # whether it is visited only its own shard knows; others, whether they have sent it
                if shard[other] != own:
                    told[own].add(other)
                if distance[other] == NOWHERE:
                    distance[other] = levels
                    found.append(other)
        reached += len(found)
        frontier = found
    return reached, levels, touched / max(levels, 1), rows, sum(map(len, told)), expanded


def walk_anyhow(graph, shard, start):
    """Nodes reached, rounds; without distances."""
    visited = bytearray(graph.nodes)
    visited[start] = 1
    inbox = [start]
    reached, rounds = 1, 0
    while inbox:
        rounds += 1
        stack, inbox = inbox, []
        outbox = set()
        while stack:
            node = stack.pop()
            own = shard[node]
            for other in graph.row(node):
                if shard[other] != own:
                    outbox.add(other)
                elif not visited[other]:
                    visited[other] = 1
                    reached += 1
                    stack.append(other)
        for other in outbox:
            if not visited[other]:
                visited[other] = 1
                reached += 1
                inbox.append(other)
    return reached, rounds


def walk_locally(graph, shard, start, hops):
    """Nodes reached, rounds, nodes sent, nodes expanded; distances end up the least."""
    distance = array('I', [NOWHERE]) * graph.nodes
    distance[start] = 0
    inbox = {shard[start]: {start: 0}}
    told = [{} for _ in range(SHARDS)]
    rounds = sent = expanded = 0
    while inbox:
        rounds += 1
        outbox = {}
        for own, arrived in inbox.items():
            buckets = {}
            for node, at in arrived.items():
                buckets.setdefault(at, []).append(node)
            at = min(buckets)
            while buckets:
                if at not in buckets:
                    at = min(buckets)
                for node in buckets.pop(at):
                    if distance[node] != at or at == hops:
                        continue
                    expanded += 1
                    for other in graph.row(node):
                        to = shard[other]
                        if to == own:
                            if distance[other] > at + 1:
                                distance[other] = at + 1
                                buckets.setdefault(at + 1, []).append(other)
                        elif told[own].get(other, NOWHERE) > at + 1:
                            told[own][other] = at + 1
                            box = outbox.setdefault((own, to), {})
                            box[other] = min(box.get(other, NOWHERE), at + 1)
                at += 1
        inbox = {}
        for (_, to), box in outbox.items():
            sent += len(box)
            for node, at in box.items():
                if distance[node] > at:
                    distance[node] = at
                    inbox.setdefault(to, {})[node] = at
    reached = sum(1 for node in range(graph.nodes) if distance[node] != NOWHERE)
    return reached, rounds, sent, expanded


def starts(graph):
    """Nodes of at least average degree."""
    average = len(graph.ends) / graph.nodes
    rng = random.Random(SEED)
    found = []
    while len(found) < STARTS:
        node = rng.randrange(graph.nodes)
        if graph.degree(node) >= average:
            found.append(node)
    return found


# ---------------------------------------------------------------------------

COLUMNS = ('graph', 'nodes', 'edges', 'partitioner', 'cut', 'largest', 'hops', 'reached', 'levels', 'touched', 'rows', 'sent',
           'rounds', 'local_sent', 'repeated', 'any_rounds')


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def simulate(name, graph):
    for partitioner, place in PARTITIONERS.items():
        shard = place(graph)
        cut, largest = cut_of(graph, shard)
        for hops, begin in ((3, starts(graph)), (NOWHERE, starts(graph)[:1])):
            level = [walk_by_level(graph, shard, start, hops) for start in begin]
            local = [walk_locally(graph, shard, start, hops) for start in begin]
            anyhow = walk_anyhow(graph, shard, begin[0]) if hops == NOWHERE else (level[0][0], '')
            assert [walk[0] for walk in level] == [walk[0] for walk in local] and anyhow[0] == level[0][0], 'walks differ'
            reached, levels, touched, rows, sent, once = map(mean, zip(*level))
            _, rounds, local_sent, expanded = map(mean, zip(*local))
            print(name, graph.nodes, len(graph.ends), partitioner, f'{cut:.3f}', f'{largest:.2f}', 'all' if hops == NOWHERE else hops,
                  f'{reached:.0f}', f'{levels:.1f}', f'{touched:.1f}', f'{rows:.0f}', f'{sent:.0f}', f'{rounds:.1f}', f'{local_sent:.0f}',
                  f'{expanded / once:.2f}', anyhow[1], sep='\t', flush=True)


def graphs(quick):
    size = 10 if quick else 1
    return {
        'code': lambda: generated('code', 300_000 // size, 1_500_000 // size),
        'kronecker': lambda: generated('kronecker', 2 ** (14 if quick else 16), 16 * 2 ** (14 if quick else 16)),
        'tenants': lambda: tenants(300_000 // size, 1_500_000 // size),
        'grid': lambda: grid(200 if quick else 500),
    }


def main(words):
    if words and words[0] in ('-h', '--help'):
        print(__doc__)
        return
    quick = 'quick' in words
    made = graphs(quick)
    wanted = [word for word in words if word != 'quick'] or list(made)
    if not set(wanted) <= set(made):
        sys.exit(f'unrecognized word; graphs are {", ".join(made)}')
    print(*COLUMNS, sep='\t')
    for name in wanted:
        simulate(name, made[name]())


main(sys.argv[1:])
