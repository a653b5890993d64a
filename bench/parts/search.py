"""Searching 400,000 entities: percentiles of pt_search by class of query, beside
what one would write instead: ILIKE with an index of trigrams, and without.

The entities are those of the kernel's calls where these are, a sample of fixed
size; else generated in their shape. They have code and a signature, so that a
row is as wide as it is in use. Nothing here knows how pt_search works: a query
is made from entities as a user might come to it.
"""
import time
from collections import Counter
from itertools import accumulate

from harness import Results, Statements, choose, percentile, progress, psql, seeded

ENTITIES = 400_000
QUERIES = choose(40, 200)           # of each class
SECONDS = choose(1, 10)             # for one class: no further query begins after that, but of the first five
COLUMNS = 'key, name, entity_type, entity_class, language, file_path, line_start, line_end'

WORDS = '''alloc attach bind buffer bus cache channel check clear clk close config copy core create ctrl debug delete
desc destroy detach dev device disable dma driver dump enable entry enum event exit fault fetch field file filter find
flag flush frame free gpio group handle header hook host hw id index info init input io ioctl irq key link list load
lock map mask match mem mode module mutex name net next node notify offset open ops output packet page param parse path
pci phy port power prepare probe process queue range read reg register release remove reset resume ring root rx
save scan select send set setup show size slot sock start state status stop store string suspend sync table task test
thread timer trace type unlock unmap unregister update usb user valid value verify wait wake work write xfer'''.split()
FOLDERS = '''arch block crypto drivers/gpu/drm drivers/net/ethernet drivers/usb fs include kernel lib mm net sound
tools'''.split()
SHARED = ('__field', 'pr_fmt', 'main', 'EVENT', 'module_init', 'probe')


# ---------------------------------------------------------------------------
# The entities.
# ---------------------------------------------------------------------------

def vocabulary(random):
    """Words that all code has, and the many names of things; the n-th is used in
    proportion to 1/n, as words are."""
    own = (''.join(random.choice('bcdfghklmnprstvwx') + random.choice('aeiou0123')
                   for _ in range(random.choice((1, 2, 2, 3)))) + random.choice('nrstxlkcpd') for _ in range(8000))
    words = WORDS + list(dict.fromkeys(own))
    return words, list(accumulate(1 / (10 + number) for number in range(len(words))))


def generated():
    """Rows as indexers/index-c writes them, from the seed."""
    random = seeded()
    words, weights = vocabulary(random)

    def some_words(least, most):
        return '_'.join(random.choices(words, cum_weights=weights, k=random.randint(least, most)))

    files = [f'{random.choice(FOLDERS)}/{some_words(1, 1)}/{some_words(1, 3)}.{random.choice("ccch")}'
             for _ in range(ENTITIES // 15)]
    for _ in range(ENTITIES):
        name = some_words(2, 5) if random.random() > 0.02 else random.choice(SHARED[:random.randint(1, len(SHARED))])
        name = name.upper() if random.random() < 0.3 else name
        path = random.choice(files)
        kind = 'macro' if name.isupper() else 'function'
        start = random.randrange(1, 4000)
        end = start + int(random.random() ** 3 * 60)
        key = f'c:{"macro" if kind == "macro" else "fn"}:{name}:{path}:{start}-{end}'
        yield '\t'.join((key, name, kind, 'CODE', 'c', path, str(start), str(end)))


def load():
    """The codebase `search`; says what its entities are."""
    psql('-c', 'SET client_min_messages = warning', '-c', 'DROP SCHEMA IF EXISTS search CASCADE',
         '-c', "SELECT pt_create_codebase('search')")
    kernel = psql('-c', "SELECT coalesce(to_regclass('kernel.pt_entity')::text, '')")
    if kernel and int(psql('-c', 'SELECT count(*) FROM kernel.pt_entity')) >= ENTITIES:
        source = f'(SELECT {COLUMNS} FROM kernel.pt_entity ORDER BY md5(key), key LIMIT {ENTITIES}) AS e'
    else:
        kernel = ''
        psql('-c', f'CREATE TABLE search.raw AS SELECT {COLUMNS} FROM search.pt_entity LIMIT 0')
        psql(script=f'COPY search.raw ({COLUMNS}) FROM STDIN;\n' + '\n'.join(dict.fromkeys(generated())) + '\n\\.\n')
        source = '(SELECT DISTINCT ON (key) * FROM search.raw) AS e'
    # in the order of an indexer, file by file
    psql('-c', f"""INSERT INTO search.pt_entity ({COLUMNS}, signature, code)
        SELECT {COLUMNS}, jsonb_build_object('visibility', 'Public', 'lines', line_end - line_start),
            (SELECT string_agg(md5(key || i), E';\\n') FROM generate_series(0, least(40, line_end - line_start)) AS i)
        FROM {source} ORDER BY file_path COLLATE "C", line_start, key COLLATE "C"
        """, '-c', 'DROP TABLE IF EXISTS search.raw')
    return 'of the Linux kernel' if kernel else 'generated'


# ---------------------------------------------------------------------------
# The queries.
# ---------------------------------------------------------------------------

def slip(random, name):
    """One character replaced, left out, doubled, or exchanged with the next."""
    at = random.randrange(len(name) - 1)
    return random.choice((name[:at] + random.choice('aeiorstn') + name[at + 1:], name[:at] + name[at + 1:],
                          name[:at] + name[at] + name[at:], name[:at] + name[at + 1] + name[at] + name[at + 2:]))


def piece(random, text, least, most):
    size = min(len(text), random.randint(least, most))
    at = random.randrange(len(text) - size + 1)
    return text[at:at + size]


def classes(entities):
    """Queries by class, from entities (key, name, path) in random order."""
    random = seeded()
    long = [e for e in entities if len(e[1]) >= 8]
    shared = [name for name, _ in Counter(e[1] for e in entities).most_common(50)]
    words = Counter(word.lower() for e in entities for word in e[1].split('_') if len(word) >= 3)
    words = [word for word, _ in words.most_common(200)]
    folders = [folder for folder, _ in Counter(e[2].rpartition('/')[0] for e in entities).most_common(200)]

    def some(make):
        return [make(*random.choice(long)) for _ in range(QUERIES)]

    def letters(k):
        return ''.join(random.choices('abcdefghijklmnopqrstuvwxyz_', k=k))

    return {
        'name': some(lambda key, name, path: name),
        'name of many': [random.choice(shared) for _ in range(QUERIES)],
        'other case': some(lambda key, name, path: name.swapcase()),
        'prefix': some(lambda key, name, path: name[:random.randint(4, len(name) - 1)]),
        'infix': some(lambda key, name, path: piece(random, name[1:], 4, 12)),
        'common word': [random.choice(words) for _ in range(QUERIES)],
        'one character': [random.choice('abcdefghijklmnopqrstuvwxyz_:/05%') for _ in range(QUERIES)],
        'two characters': some(lambda key, name, path: piece(random, name, 2, 2)),
        'three characters': some(lambda key, name, path: piece(random, name, 3, 3)),
        'key': some(lambda key, name, path: key),
        'file': some(lambda key, name, path: path.rpartition('/')[2]),
        'folder': [random.choice(folders) for _ in range(QUERIES)],
        'part of key': some(lambda key, name, path: piece(random, key, 6, 30)),
        'mistyped key': some(lambda key, name, path: slip(random, key)),
        'moved key': some(lambda key, name, path: f'{key.rpartition(":")[0]}:{random.randrange(9000, 9999)}-9999'),
        'call': some(lambda key, name, path: f'{name}()'),
        'misspelt': some(lambda key, name, path: slip(random, name)),
        'words exchanged': some(lambda key, name, path: '_'.join(reversed(name.split('_')))),
        'two slips': some(lambda key, name, path: slip(random, slip(random, name))),
        'nothing': [letters(random.randint(6, 14)) for _ in range(QUERIES)],
        'nothing, long': some(lambda key, name, path: ' '.join((name, name[::-1], name))),
    }


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def like(text):
    for special in '\\%_':
        text = text.replace(special, '\\' + special)
    return quoted(f'%{text}%')


# ---------------------------------------------------------------------------
# The clock.
# ---------------------------------------------------------------------------

def ours(query):
    return f"SELECT * FROM pt_search({quoted(query)}, graph => 'search.pt_edge')"


def ilike(query):
    return (f'SELECT {COLUMNS} FROM search.plain WHERE name ILIKE {like(query)} OR key ILIKE {like(query)} '
            'ORDER BY length(name), key LIMIT 20')


def alike(query):
    return (f'SELECT {COLUMNS} FROM search.plain WHERE name % {quoted(query)} '
            f'ORDER BY similarity(name, {quoted(query)}) DESC, key LIMIT 20')


def measure(results, who, sql, asked):
    """Each query once, in a warm session."""
    statements = Statements()
    for name, queries in asked.items():
        statements.run(sql(queries[0]))
        until = time.monotonic() + SECONDS
        times, found = [], 0
        for query in queries:
            took, value = statements.run(sql(query))
            times.append(took)
            found += value not in ('', '[0]')
            if time.monotonic() > until and len(times) >= 5:
                break
        results.put(who, name, len(times), found, *(f'{percentile(times, p):.1f}' for p in (50, 95, 99)),
                    f'{max(times):.1f}', queries[times.index(max(times))])
    statements.close()
    progress(who)


def main():
    entities = load()
    statements = Statements()
    enabled = statements.time("SELECT pt_enable_search('search.pt_edge')") / 1e6
    statements.run('VACUUM search.pt_entity')
    statements.run('CREATE TABLE search.plain AS TABLE search.pt_entity')
    statements.run('VACUUM ANALYZE search.plain')
    rows = psql('-c', 'SELECT key, name, file_path FROM search.pt_entity ORDER BY md5(key), key LIMIT 50000')
    asked = classes([row.split('|') for row in rows.split('\n') if row.count('|') == 2])
    similar = {name: asked[name] for name in ('misspelt', 'two slips', 'words exchanged')}
    results = Results('search', 'who', 'class', 'queries', 'found', 'p50_us', 'p95_us', 'p99_us', 'max_us', 'slowest')
    measure(results, 'pt_search', ours, asked)
    measure(results, 'ILIKE, no index', ilike, asked)
    indexed = statements.time('CREATE INDEX ON search.plain USING gin (name gin_trgm_ops, key gin_trgm_ops)') / 1e6
    measure(results, 'ILIKE, trigrams', ilike, asked)
    measure(results, 'similarity, trigrams', alike, similar)
    Results('search_setup', 'entities', 'what', 'enable_s', 'bytes', 'gin_s').put(
        ENTITIES, entities, f'{enabled:.1f}',
        psql('-c', "SELECT sum(pg_relation_size(c)) FROM (VALUES ('search.pt_entity_search_name'::regclass), "
             "('search.pt_entity_search_trigram')) AS v (c)"), f'{indexed:.1f}')
    statements.close()


main()
