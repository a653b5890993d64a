-- pt_possible_callers, pt_possible_callers_summary, pt_enable_possible_callers,
-- pt_context: each against a plain second way to the same
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
SELECT pt_create_codebase('context');
SET parseltongue.graph = 'context.pt_edge';

-- ---------------------------------------------------------------------------
-- References that may mean an entity.
-- ---------------------------------------------------------------------------

SELECT pt_insert_entities('[
	{"key": "rust:fn:load:./src/io.rs:3-20", "name": "load", "entity_type": "function", "language": "rust", "file_path": "src/io.rs",
	 "code": "\n  fn load(path: &str) -> Text {\n    read(path)\n  }"},
	{"key": "rust:fn:load:./src/old.rs:3-20", "name": "load", "entity_type": "function", "language": "rust", "file_path": "src/old.rs"},
	{"key": "rust:struct:load:./src/types.rs:1-2", "name": "load", "entity_type": "struct", "language": "rust", "file_path": "src/types.rs"},
	{"key": "rust:fn:run:./src/main.rs:1-9", "name": "run", "entity_type": "function", "language": "rust", "file_path": "src/main.rs", "signature": "fn run()"},
	{"key": "rust:fn:alone:./src/main.rs:20-29", "name": "alone", "entity_type": "function", "language": "rust", "file_path": "src/main.rs"}]');
SELECT pt_insert_edges('[
	{"from_key": "rust:fn:run:./src/main.rs:1-9", "to_key": "rust:fn:load:unknown:0-0", "source_location": "src/main.rs:3"},
	{"from_key": "rust:fn:load:./src/io.rs:3-20", "to_key": "rust:fn:load:unknown:0-0"},
	{"from_key": "rust:fn:main:./src/bin.rs:1-9", "to_key": "rust:fn:load:external-dependency-serde:0-0"},
	{"from_key": "rust:file:./src/bin.rs:1-1", "to_key": "rust:module:io::load:0-0", "edge_type": "Uses"},
	{"from_key": "rust:fn:main:./src/bin.rs:1-9", "to_key": "rust:fn:Thing::load<u8>:unresolved-reference:0-0"},
	{"from_key": "rust:fn:main:./src/bin.rs:1-9", "to_key": "rust:fn:reload:unknown:0-0"},
	{"from_key": "rust:struct:x:./src/bin.rs:1-9", "to_key": "rust:trait:load:unknown:0-0", "edge_type": "Implements"},
	{"from_key": "c:fn:main:a.c:1-9", "to_key": "c:fn:load:unknown:0-0"}]');
SELECT from_key, reference_key, why, confidence, source_location FROM pt_possible_callers('{rust:fn:load:./src/io.rs:3-20}');
SELECT reference_edges, resolved, ambiguous, unresolved, guesses_inserted FROM pt_resolve_references();
SELECT from_key, reference_key, why, confidence FROM pt_possible_callers('{rust:fn:load:./src/io.rs:3-20}');
SELECT from_key, reference_key, why, confidence FROM pt_possible_callers('{rust:fn:load:./src/io.rs:3-20}', min_confidence => 0);
SELECT from_key, reference_key, why, confidence, key FROM pt_possible_callers('{rust:fn:load:./src/io.rs:3-20,rust:struct:load:./src/types.rs:1-2}', min_confidence => 1, edge_types => '{Implements,Uses}');
SELECT * FROM pt_possible_callers_summary('{rust:fn:load:./src/io.rs:3-20}');
SELECT * FROM pt_possible_callers_summary('{rust:fn:alone:./src/main.rs:20-29}');

-- what was not read when it was indexed: of the language of the keys, by the last run
INSERT INTO context.pt_left_out (file_path, language, reason, indexed_at) VALUES ('', NULL, NULL, '2026-01-02 03:04+00'), ('src/big.rs', 'rust', 'large', '2026-01-02 03:03+00'),
	('src/odd.rs', 'rust', 'syntax', '2026-01-02 03:03+00'), ('tool.py', 'python', 'binary', '2026-01-02 03:03+00'), ('notes.txt', NULL, 'kind', '2026-01-02 03:03+00');
SET timezone = 'UTC';
SELECT * FROM pt_possible_callers_summary('{rust:fn:alone:./src/main.rs:20-29}');
SELECT entities, certain, furthest, guesses, unresolved, external, imports, unread, as_of FROM pt_impact_summary('{rust:fn:load:./src/io.rs:3-20}');
SELECT k, i = (SELECT (count(*), count(*) FILTER (WHERE certain), max(distance)) FROM pt_impact(ARRAY[k], 2, min_confidence => 0)) AS same, unread
FROM unnest('{rust:fn:load:./src/io.rs:3-20,rust:fn:run:./src/main.rs:1-9}'::text[]) AS k, LATERAL (SELECT (s.entities, s.certain, s.furthest) AS i, s.unread FROM pt_impact_summary(ARRAY[k], 2, min_confidence => 0) AS s) AS s;
SELECT content FROM pt_context('{rust:fn:alone:./src/main.rs:20-29}') WHERE relation = 'possible';
-- by who may not read of it
CREATE ROLE regress_context_reader;
GRANT USAGE ON SCHEMA context TO regress_context_reader;
GRANT SELECT ON context.pt_edge, context.pt_entity TO regress_context_reader;
SET ROLE regress_context_reader;
SELECT entities, unread, as_of FROM pt_impact_summary('{rust:fn:load:./src/io.rs:3-20}');
SELECT content FROM pt_context('{rust:fn:alone:./src/main.rs:20-29}') WHERE relation = 'possible';
RESET ROLE;
DROP OWNED BY regress_context_reader;
DROP ROLE regress_context_reader;
RESET timezone;
DELETE FROM context.pt_left_out;

-- the index changes nothing but the time
CREATE TEMP TABLE before AS SELECT * FROM pt_possible_callers(ARRAY(SELECT key FROM context.pt_entity));
SELECT pt_enable_possible_callers();
SELECT pt_enable_possible_callers('context.pt_edge_adjacency');
SET enable_seqscan = off;
SELECT count(*), (SELECT count(*) FROM before) AS before FROM (
	SELECT * FROM pt_possible_callers(ARRAY(SELECT key FROM context.pt_entity)) INTERSECT ALL SELECT * FROM before) AS same;
RESET enable_seqscan;

-- each reference is followed to a key, or listed, or trusted to mean another
WITH named AS (
	SELECT e.key, d.from_key, d.to_key, d.edge_type FROM context.pt_entity AS e JOIN context.pt_edge AS d ON d.to_key LIKE 'rust:fn:load:%0-0' AND d.edge_type = 'Calls' AND d.from_key <> e.key
	WHERE e.name = 'load' AND e.entity_type = 'function'
), followed AS (
	SELECT n.*, EXISTS (SELECT FROM context.pt_edge AS g WHERE g.from_key = n.from_key AND g.reference_key = n.to_key AND g.confidence >= t) AS is_trusted, t
	FROM named AS n, (VALUES (0.0), (0.3), (0.5), (1.0)) AS v (t)
)
SELECT count(*), count(*) FILTER (WHERE is_trusted) AS trusted,
	count(*) FILTER (WHERE is_trusted = EXISTS (SELECT FROM pt_possible_callers(ARRAY[f.key], min_confidence => t::float8) AS p WHERE p.from_key = f.from_key AND p.reference_key = f.to_key)
		AND NOT EXISTS (SELECT FROM context.pt_edge AS g WHERE g.from_key = f.from_key AND g.reference_key = f.to_key AND g.to_key = f.key AND g.confidence < t)) AS wrong
FROM followed AS f;

-- An outline is what the signature says, in the words of whoever wrote it; a
-- decorator in the first line says nothing.
INSERT INTO context.pt_entity (key, entity_type, language, code, signature)
SELECT 'py:fn:' || n || ':a.py:1-9', 'function', 'python', E'@cached\ndef f(\n    x):\n' || repeat(E'    pass\n', 1000), s
FROM (VALUES ('a', '{"signature": "def a(x)", "text": "no"}'::jsonb), ('b', '{"text": "@cached def b(x)"}'), ('c', '"def c(x)"'), ('d', '{"text": ""}'), ('e', NULL)) AS v (n, s);
SELECT key, content FROM pt_context(ARRAY(SELECT key FROM context.pt_entity WHERE language = 'python' ORDER BY key), 400) WHERE place IS NOT NULL;
DELETE FROM context.pt_entity WHERE language = 'python';

-- ---------------------------------------------------------------------------
-- What is near: the push against PageRank of the same graph both ways.
-- ---------------------------------------------------------------------------

SELECT pt_create_codebase('context_many');
INSERT INTO context_many.pt_entity (key, name, entity_type, entity_class, language, file_path, line_start, line_end, code, signature)
SELECT 'k' || i, 'n' || i, CASE WHEN i % 5 = 0 THEN 'struct' ELSE 'function' END, CASE WHEN i % 7 = 0 THEN 'TEST' ELSE 'CODE' END, 'c', 'f' || i % 20 || '.c', i, i + 9,
	CASE WHEN i % 11 > 0 THEN format(E'int n%s(void)\n{\n%s}', i, repeat(E'\treturn 1;\n', i * 7919 % 97)) END, CASE WHEN i % 4 = 0 THEN to_jsonb('int n' || i || '(void);') END
FROM generate_series(1, 300) AS i;
INSERT INTO context_many.pt_edge (from_key, to_key, edge_type, confidence)
SELECT DISTINCT ON (a, b, t) 'k' || a, 'k' || b, t, CASE WHEN i % 4 > 0 THEN 0.3 + 0.6 * (i % 2) END
FROM generate_series(1, 900) AS i, LATERAL (SELECT 1 + i * 7919 % 300, 1 + (i * i + i / 300 * 13) % 97, CASE WHEN i % 3 = 0 THEN 'Uses' ELSE 'Calls' END) AS e (a, b, t)
ORDER BY a, b, t, i;
INSERT INTO context_many.pt_edge (from_key, to_key) SELECT 'k' || i, 'c:fn:n' || i % 10 || ':unknown:0-0' FROM generate_series(1, 300, 7) AS i;

CREATE VIEW context_many.both_ways AS SELECT from_key, to_key, edge_type, confidence FROM context_many.pt_edge UNION ALL SELECT to_key, from_key, edge_type, confidence FROM context_many.pt_edge;
SET client_min_messages = error;	-- no index
CREATE TEMP TABLE exact AS
SELECT k, r.node, r.score FROM unnest('{k1,k50,k96}'::text[]) AS k,
	pt_pagerank('context_many.both_ways', tolerance => 1e-13, max_iterations => 1000, personalization => ARRAY[k], min_confidence => 0.5) AS r;
SET client_min_messages = warning;
CREATE TEMP TABLE degree AS SELECT node, degree FROM pt_degree('context_many.pt_edge');
CREATE TEMP TABLE pushed AS
SELECT k, epsilon, p.* FROM unnest('{k1,k50,k96}'::text[]) AS k, unnest('{0.001,0.0001,0.00001}'::float8[]) AS epsilon,
	_parseltongue.pt_push(ARRAY[k], NULL, epsilon, graph => 'context_many.pt_edge') AS p;
SELECT epsilon, count(*) > 100 AS many, bool_and(p.score <= x.score + 1e-9) AS not_above, bool_and(p.score >= x.score - epsilon * degree - 1e-9) AS near
FROM pushed AS p JOIN exact AS x ON x.k = p.k AND x.node = p.key JOIN degree USING (node)
GROUP BY epsilon ORDER BY epsilon;
-- all of what scores above that is found
SELECT e.epsilon, count(*) > 10 AS many, count(*) FILTER (WHERE p.score IS NULL) AS missing
FROM exact AS x JOIN degree USING (node) CROSS JOIN (SELECT DISTINCT epsilon FROM pushed) AS e LEFT JOIN pushed AS p ON p.k = x.k AND p.epsilon = e.epsilon AND p.key = x.node
WHERE x.score > e.epsilon * degree + 1e-9
GROUP BY e.epsilon ORDER BY e.epsilon;
-- the first of these, as many as are wanted
SELECT n, count(*) FROM generate_series(0, 100, 20) AS n, LATERAL (
	(SELECT key FROM _parseltongue.pt_push('{k50}', n, graph => 'context_many.pt_edge'))
	INTERSECT (SELECT key FROM _parseltongue.pt_push('{k50}', NULL, graph => 'context_many.pt_edge') ORDER BY key <> 'k50', score DESC, key COLLATE "C" LIMIT n + 1)) AS same
GROUP BY n ORDER BY n;
-- direct callers and callees, all of them
SELECT d, count(*) AS different FROM (VALUES ('in'), ('out')) AS v (d), generate_series(1, 100, 9) AS i,
	LATERAL ((SELECT CASE d WHEN 'in' THEN from_key ELSE to_key END AS key FROM pt_subgraph('k' || i, 1, d, graph => 'context_many.pt_edge')
				WHERE 'k' || i IN (CASE d WHEN 'in' THEN to_key ELSE from_key END) AND from_key <> to_key)
			 EXCEPT SELECT key FROM _parseltongue.pt_push(ARRAY['k' || i], NULL, graph => 'context_many.pt_edge') WHERE CASE d WHEN 'in' THEN caller_distance ELSE callee_distance END = 1) AS e
GROUP BY d;
-- avoid and within
SELECT count(*) FILTER (WHERE key = 'k50') AS avoided, count(*) > 50 AS others FROM _parseltongue.pt_push('{k1}', NULL, avoid => '{k50}', graph => 'context_many.pt_edge');
SELECT key FROM _parseltongue.pt_push('{k50}', NULL, within => ARRAY(SELECT from_key FROM pt_callers('k50', graph => 'context_many.pt_edge')), graph => 'context_many.pt_edge')
EXCEPT SELECT from_key FROM pt_callers('k50', graph => 'context_many.pt_edge') ORDER BY 1;

-- ---------------------------------------------------------------------------
-- The first line, by SQL's own functions.
-- ---------------------------------------------------------------------------
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE _parseltongue.pt_first_line(code) IS DISTINCT FROM nullif(btrim(left(split_part(ltrim(left(code, 1000), E' \t\r\n'), E'\n', 1), 200)), '')) AS different,
	count(*) FILTER (WHERE _parseltongue.pt_first_line(code) IS NULL) > 5 AS some_have_none
FROM (SELECT a || b || c || d AS code FROM unnest(ARRAY['', E' \t\r\n', repeat(' ', 999), repeat(E'\n', 1000), E'\u00e4', repeat(E'\u00e4', 999)]) AS a,
		unnest(ARRAY['', 'int f(void) ', repeat(E'\u20ac', 199), repeat('x', 300)]) AS b, unnest(ARRAY['', E'  \r\n', E'\t', E'\n']) AS c, unnest(ARRAY['', 'x', repeat('{}', 20000)]) AS d) AS t;

-- ---------------------------------------------------------------------------
-- Packing, against the same rule as a recursive query.
-- ---------------------------------------------------------------------------

CREATE FUNCTION context_pack(self boolean[], scores float8[], o bigint[], b bigint[], most bigint) RETURNS integer[] LANGUAGE sql AS $$
	WITH RECURSIVE step AS (
		SELECT row_number() OVER (ORDER BY first DESC, worth DESC, i, was, shows DESC) AS n, i, was, shows, cost
		FROM generate_subscripts(self, 1) AS i, LATERAL (
			SELECT self[i], 0, 2, b[i], CASE WHEN self[i] THEN 0 ELSE scores[i] / b[i] END WHERE b[i] < 2 * o[i] OR self[i] AND b[i] IS NOT NULL
			UNION ALL SELECT self[i], 0, 1, o[i], CASE WHEN self[i] THEN 0 ELSE scores[i] / 2 / o[i] END
			UNION ALL SELECT false, 1, 2, b[i] - o[i], scores[i] / 2 / (b[i] - o[i]) WHERE b[i] >= 2 * o[i] AND NOT self[i]) AS t (first, was, shows, cost, worth)
	), run AS (
		SELECT 0::bigint AS n, most AS remaining, array_fill(0, ARRAY[cardinality(self)]) AS shown
		UNION ALL
		SELECT s.n, CASE WHEN fits THEN remaining - cost ELSE remaining END, CASE WHEN fits THEN shown[:i - 1] || shows || shown[i + 1:] ELSE shown END
		FROM run AS r JOIN step AS s ON s.n = r.n + 1, LATERAL (SELECT cost <= remaining AND shown[i] = was) AS f (fits)
	)
	SELECT shown FROM run ORDER BY n DESC LIMIT 1
$$;
SELECT setseed(0.25);
SELECT count(*) AS tried, count(*) FILTER (WHERE first <> second) AS different, count(*) FILTER (WHERE used > most) AS too_much
FROM (
	SELECT most, _parseltongue.pt_context_pack(self, scores, o, b, most) AS first, context_pack(self, scores, o, b, most) AS second,
		(SELECT sum(CASE p WHEN 1 THEN o[i] WHEN 2 THEN b[i] END) FROM unnest(_parseltongue.pt_context_pack(self, scores, o, b, most)) WITH ORDINALITY AS u (p, i)) AS used
	FROM (SELECT r, (random() * 500)::bigint AS most, array_agg(i <= r % 3 ORDER BY i) AS self, array_agg(round((random() * random())::numeric, 2)::float8 ORDER BY i) AS scores,
			array_agg(1 + (random() * 20)::bigint ORDER BY i) AS o, array_agg(CASE WHEN random() < 0.8 THEN 1 + (random() * 100)::bigint END ORDER BY i) AS b
		  FROM generate_series(1, 60) AS r, generate_series(1, 25) AS i GROUP BY r OFFSET 0) AS g OFFSET 0) AS c;
DROP FUNCTION context_pack;

-- ---------------------------------------------------------------------------
-- Contexts.
-- ---------------------------------------------------------------------------

SELECT place, key, relation, distance, certain, tokens, content FROM pt_context('{rust:fn:load:./src/io.rs:3-20}', 1000, min_confidence => 0);
SELECT place, key, relation, tokens, content FROM pt_context('{rust:fn:alone:./src/main.rs:20-29}');
SELECT place, key, relation, tokens, content FROM pt_context('{rust:fn:alone:./src/main.rs:20-29,rust:fn:alone:./src/main.rs:20-29,nowhere}', missing_ok => true);

SET parseltongue.graph = 'context_many.pt_edge';
-- within its bound, with the sizes that it says, keys first, the best first
SELECT most, per, bool_and(total <= most) AS bounded, bool_and(sizes) AS sizes, bool_and(whole) AS whole, bool_and(notes = 2) AS notes, min(items) < max(items) AS various
FROM unnest('{500,1000,4000}'::bigint[]) AS most, unnest('{1,4,7.5}'::float8[]) AS per, generate_series(1, 100, 33) AS i, LATERAL (
	SELECT sum(tokens) AS total, bool_and(tokens = ceil((octet_length(coalesce(c.key, '')) + octet_length(content)) / per)) AS sizes,
		bool_and(c.key IS NULL OR content = e.code OR content = e.signature #>> '{}' OR content = split_part(e.code, E'\n', 1)
			OR content = concat_ws(' ', entity_type, name, file_path || ':' || line_start || '-' || line_end)) AS whole,
		count(*) FILTER (WHERE place IS NULL) AS notes, count(*) AS items
	FROM pt_context(ARRAY['k' || i, 'k' || i + 1], most, per) AS c LEFT JOIN context_many.pt_entity AS e ON e.key = c.key) AS s
WHERE most * 1.0 >= 480 GROUP BY most, per ORDER BY most, per;
SELECT place, key, relation, distance, certain, tokens, left(content, 30) AS content FROM pt_context('{k50,k7}', 300);
-- relations are what other functions say
CREATE TEMP TABLE relation AS
SELECT k, c.* FROM unnest('{k1,k7,k50,k290}'::text[]) AS k, pt_context(ARRAY[k], 8000) AS c WHERE place IS NOT NULL;
CREATE TEMP TABLE radius AS
SELECT k, d, r.key, r.distance FROM unnest('{k1,k7,k50,k290}'::text[]) AS k, unnest('{in,out}'::text[]) AS d, pt_blast_radius(k, NULL, d) AS r;
SELECT relation, count(*) > 0 AS any, count(*) FILTER (WHERE NOT CASE relation
	WHEN 'caller' THEN EXISTS (SELECT FROM radius AS r WHERE r.k = c.k AND d = 'in' AND r.key = c.key AND r.distance <= c.distance)
	WHEN 'test' THEN EXISTS (SELECT FROM radius AS r WHERE r.k = c.k AND d = 'in' AND r.key = c.key AND r.distance <= c.distance) AND e.entity_class = 'TEST'
	WHEN 'callee' THEN EXISTS (SELECT FROM radius AS r WHERE r.k = c.k AND d = 'out' AND r.key = c.key AND r.distance <= c.distance)
	WHEN 'type' THEN EXISTS (SELECT FROM radius AS r WHERE r.k = c.k AND d = 'out' AND r.key = c.key AND r.distance <= c.distance) AND entity_type = 'struct'
	WHEN 'self' THEN c.key = c.k ELSE c.distance IS NULL END) AS wrong
FROM relation AS c JOIN context_many.pt_entity AS e USING (key) GROUP BY relation ORDER BY relation COLLATE "C";
-- what is certain is what it is by facts alone
CREATE TEMP TABLE facts AS SELECT * FROM _parseltongue.pt_push('{k50}', NULL, min_confidence => 1);
SELECT count(*) FILTER (WHERE certain) > 0 AS certain, count(*) FILTER (WHERE NOT certain) > 0 AS uncertain, count(*) FILTER (WHERE certain <> EXISTS (
	SELECT FROM facts AS p WHERE p.key = c.key AND CASE WHEN relation IN ('caller', 'test') THEN caller_distance IS NOT NULL WHEN relation IN ('callee', 'type') THEN callee_distance IS NOT NULL ELSE true END)) AS wrong
FROM pt_context('{k50}', 8000, min_confidence => 0) AS c WHERE place IS NOT NULL;

-- the same rows, loaded in another order, and changed
SELECT pt_create_codebase('context_turned');
INSERT INTO context_turned.pt_edge SELECT * FROM context_many.pt_edge ORDER BY to_key DESC, from_key, edge_type DESC;
INSERT INTO context_turned.pt_entity SELECT * FROM context_many.pt_entity ORDER BY name DESC;
UPDATE context_turned.pt_edge SET source_location = NULL WHERE to_key < 'k5';
CREATE TEMP TABLE first_order AS SELECT i, c.* FROM generate_series(1, 100, 11) AS i, pt_context(ARRAY['k' || i], 2000) WITH ORDINALITY AS c;
CREATE TEMP TABLE other_order AS SELECT i, c.* FROM generate_series(1, 100, 11) AS i, pt_context(ARRAY['k' || i], 2000, graph => 'context_turned.pt_edge') WITH ORDINALITY AS c;
SELECT (SELECT count(*) FROM first_order) > 1000 AS many, count(*) AS different
FROM ((TABLE first_order EXCEPT TABLE other_order) UNION ALL (TABLE other_order EXCEPT TABLE first_order)) AS d;

-- asked by queries, where there is no index
CREATE TEMP TABLE indexed AS SELECT i, c.* FROM generate_series(1, 100, 33) AS i, pt_context(ARRAY['k' || i], 2000, min_confidence => 0.5, graph => 'context_turned.pt_edge') WITH ORDINALITY AS c;
DROP INDEX context_turned.pt_edge_adjacency;
SET client_min_messages = error;
CREATE TEMP TABLE queried AS SELECT i, c.* FROM generate_series(1, 100, 33) AS i, pt_context(ARRAY['k' || i], 2000, min_confidence => 0.5, graph => 'context_turned.pt_edge') WITH ORDINALITY AS c;
SET client_min_messages = warning;
SELECT (SELECT count(*) FROM indexed) > 300 AS many, count(*) AS different
FROM ((TABLE indexed EXCEPT TABLE queried) UNION ALL (TABLE queried EXCEPT TABLE indexed)) AS d;

-- errors
\set VERBOSITY sqlstate
SELECT * FROM pt_context('{nowhere}');
SELECT * FROM pt_context(NULL);
SELECT * FROM pt_context('{k1}', NULL);
SELECT * FROM pt_context('{k1}', 119);
SELECT * FROM pt_context('{k1}', bytes_per_token => 0.5);
SELECT * FROM pt_context('{k1}', bytes_per_token => 'NaN');
SELECT * FROM pt_context('{k1}', graph => 'context_many.both_ways');
SELECT * FROM pt_possible_callers('{nowhere}');
SELECT * FROM pt_possible_callers('{k1}', min_confidence => 2);
SELECT * FROM pt_possible_callers_summary('{nowhere}');
SELECT pt_enable_possible_callers('context_many.both_ways');
SELECT count(*) FROM _parseltongue.pt_push('{k1}', -1);
SELECT count(*) FROM _parseltongue.pt_push('{k1}', 1, epsilon => 0);
SELECT count(*) FROM _parseltongue.pt_push('{k1}', 1, damping => 1);
\set VERBOSITY default
SELECT * FROM pt_context('{}');
SELECT * FROM pt_context('{nowhere,NULL}', missing_ok => true);

RESET parseltongue.graph;
DROP VIEW context_many.both_ways;
SELECT pt_drop_codebase('context'), pt_drop_codebase('context_many'), pt_drop_codebase('context_turned');
