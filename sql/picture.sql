-- pt_to_dot, pt_to_mermaid and pt_to_json: pictures of edge rows
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP SCHEMA IF EXISTS picture CASCADE;
CREATE SCHEMA picture;
SET search_path = picture, public;
SET jit = off;
\a
\t on

-- two functions of one name, a loop, equal rows, a lone node
CREATE TABLE e (a text, b text, kind text);
CREATE INDEX ON e USING adjacency (a, b, kind);
INSERT INTO e VALUES
	('c:fn:main:src/a.c:1-9', 'c:fn:parse:src/p.c:3-4', 'Calls'), ('c:fn:main:src/a.c:1-9', 'c:fn:parse:src/p.c:3-4', 'Calls'),
	('c:fn:main:src/b.c:1-5', 'c:fn:parse:src/p.c:3-4', 'Calls'), ('c:fn:parse:src/p.c:3-4', 'c:fn:parse:src/p.c:3-4', 'Calls');
SELECT pt_to_dot(a, b, kind) FROM e;
SELECT pt_to_mermaid(a, b, kind) FROM e;
SELECT jsonb_pretty(pt_to_json(a, b, kind)) FROM e;
-- without types; in any order; twice over one state
SELECT pt_to_mermaid(a, b) FROM e;
SELECT pt_to_json(a, b) FROM e;
SELECT pt_to_dot(a, b, kind) = (SELECT pt_to_dot(a, b, kind ORDER BY b DESC, a DESC) FROM e), pt_to_dot(a, b, kind) = pt_to_dot(a, b, kind || ''),
	pt_to_json(a, b, kind) -> 'nodes' = pt_to_json(a, b) -> 'nodes' FROM e;
SELECT DISTINCT pt_to_mermaid(a, b, kind) OVER () = (SELECT pt_to_mermaid(a, b, kind) FROM e) FROM e;
SELECT length(pt_to_mermaid(a, b) OVER (ORDER BY a COLLATE "C", b COLLATE "C" ROWS UNBOUNDED PRECEDING)) FROM e;

-- kinds and types: what is not local, what is guessed, what has no type
WITH k (a, b, kind) AS (VALUES
	('rust:fn:main:__src_main_rs:1-10', 'rust:fn:new:unresolved-reference:0-0', 'Calls'),
	('rust:fn:main:__src_main_rs:1-10', 'rust:module:Parser:external-dependency-clap:0-0', 'Uses'),
	('rust:file:./src/main.rs:1-1', 'rust:module:std::fmt:0-0', 'Uses'),
	('rust:fn:main:__src_main_rs:1-10', 'rust:fn:new:__src_a_rs:4-8', 'Calls (resolved)'),
	('rust:fn:main:__src_main_rs:1-10', 'rust:fn:new:__src_a_rs:4-8', NULL),
	('rust:fn:alone:__src_main_rs:20-21', NULL, NULL),
	(NULL, 'rust:fn:alone:__src_main_rs:30-31', 'Calls'),
	(NULL, NULL, 'Calls'))
SELECT pt_to_dot(a, b, kind), pt_to_mermaid(a, b, kind), jsonb_pretty(pt_to_json(a, b, kind)) FROM k;
-- one name: told apart by what follows it, else by the whole key
SELECT pt_to_mermaid(a, b) FROM (VALUES ('c:fn:f:a.c:1-2', 'cpp:fn:f:a.c:1-2'), ('c:fn:f:b.c:1-2', 'f'), ('g', 'c:fn:g:a.c:1-2')) v (a, b);

-- nothing
SELECT pt_to_dot(a, b, kind), pt_to_mermaid(a, b, kind), pt_to_json(a, b, kind) FROM e WHERE false;
SELECT pt_to_dot(a, b), pt_to_mermaid(a, b), pt_to_json(a, b) FROM e WHERE false;
SELECT pt_to_dot(NULL, NULL, NULL), pt_to_mermaid(NULL, NULL, NULL), pt_to_json(NULL, NULL, NULL);
SELECT pt_to_dot('', NULL, ''), pt_to_mermaid('', '', ''), pt_to_json('', '', '');

-- every sign with a meaning in one of the languages
SELECT pt_to_dot(k, k, k), pt_to_mermaid(k, k, k), pt_to_json(k, k, k) FROM (VALUES
	('List<string>'), ('say "hi" \n & <b>x</b>'), ('end'), ('ends with \'), ('&lt;'), ('#quot;'), (E'two\nlines\ttab \x01'), ('1. first'), ('- item'),
	('__init__'), ('snake_case_name'), ('style: a#b;'), ('%%{init: {}}%%'), ('`md`'), ('a[b]{c}(d)|e|'), (' x')) v (k);
\pset fieldsep ' '
-- escapes undone, the names are there as they were
WITH names (n) AS (SELECT string_agg(chr(c), '') || g FROM generate_series(0, 9) g, generate_series(32, 126) c WHERE c % 10 = g OR c % 7 = g GROUP BY g),
	lines AS (SELECT regexp_split_to_table(pt_to_mermaid(n, NULL), E'\n') AS line FROM names),
	labels AS (SELECT substring(line FROM '\["(.*)"\]$') AS label FROM lines),
	codes AS (SELECT label, m[1] AS text, m[2]::int AS code, i FROM labels, regexp_matches(label, '(?:([^#]+)|#([0-9]+);)', 'g') WITH ORDINALITY AS r (m, i) WHERE label IS NOT NULL),
	undone AS (SELECT string_agg(coalesce(text, chr(code)), '' ORDER BY i) AS n FROM codes GROUP BY label)
SELECT (SELECT count(*) FROM names), (SELECT count(*) FROM undone), (SELECT count(*) FROM names JOIN undone USING (n));
WITH names (n) AS (SELECT string_agg(chr(c), '') || g FROM generate_series(0, 9) g, generate_series(32, 126) c WHERE c % 10 = g OR c % 7 = g GROUP BY g),
	lines AS (SELECT regexp_split_to_table(pt_to_dot(n, NULL), E'\n') AS line FROM names),
	undone AS (SELECT replace(regexp_replace(substring(line FROM 'label="(.*)", tooltip='), '\\(.)', '\1', 'g'), '&amp;', '&') AS n FROM lines)
SELECT (SELECT count(*) FROM names), (SELECT count(*) FROM undone WHERE n IS NOT NULL), (SELECT count(*) FROM names JOIN undone USING (n));

-- what the other functions return is drawn as it is
SELECT pt_to_mermaid(from_key, to_key, edge_type) FROM pt_subgraph('c:fn:parse:src/p.c:3-4', 1, graph => 'e');
SELECT pt_to_mermaid(from_key, to_key, edge_type) FROM pt_path('c:fn:main:src/b.c:1-5', 'c:fn:parse:src/p.c:3-4', graph => 'e');
SELECT pt_to_mermaid(from_key, to_key, edge_type) FROM pt_callers('c:fn:parse:src/p.c:3-4', graph => 'e');
SELECT pt_to_mermaid(from_key, to_key, edge_type) FROM pt_subgraph('c:fn:main:src/b.c:1-5', 0, graph => 'e');
SELECT pt_to_mermaid(parent, node) FROM pt_bfs('e', 'c:fn:main:src/b.c:1-5'::text);

-- many rows (pt_picture_add, then pt_picture_dot, pt_picture_mermaid and pt_picture_json) take time in proportion; the same picture whatever the plan
CREATE TABLE many AS SELECT 'c:fn:f' || g % 20000 || ':a.c:1-2' AS a, 'c:fn:f' || (g * 7 + g / 20000) % 20000 || ':a.c:1-2' AS b, 'Calls' AS kind FROM generate_series(1, 100000) g;
-- seconds of the processor's time that the session has had: as many on a busy machine
CREATE FUNCTION worked() RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT (f[12]::numeric + f[13]::numeric) / 100 FROM regexp_split_to_array(regexp_replace(pg_read_file('/proc/self/stat', 0, 2000), '.*\) ', ''), ' ') AS f $$;
SELECT worked() AS begun \gset
SELECT length(pt_to_dot(a, b, kind)), length(pt_to_mermaid(a, b, kind)), jsonb_array_length(pt_to_json(a, b, kind) -> 'nodes'), jsonb_array_length(pt_to_json(a, b, kind) -> 'edges') FROM many;
SELECT worked() - :begun < 20 AS soon;
SELECT count(DISTINCT (a, b)), count(DISTINCT a) FROM many;
SELECT md5(pt_to_dot(a, b, kind)) = (SELECT md5(pt_to_dot(a, b, kind)) FROM (SELECT * FROM many ORDER BY md5(a || b)) m) FROM many;
DROP SCHEMA picture CASCADE;
