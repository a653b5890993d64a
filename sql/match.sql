-- Ways by pattern: pt_match and pt_match_path, against all ways of up to five
-- edges, spelled as strings that a regular expression of the server matches.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA match;
SET search_path = match, public;
SET jit = off;
\set SHOW_CONTEXT never

CREATE TABLE edge (source text, target text, label text, confidence numeric(3,2));
CREATE VIEW seen AS SELECT * FROM edge;
CREATE TABLE road (source bigint, target bigint, label text);

-- ---- an oracle ----

-- A type means its guesses; a fact whose type ends like theirs has another type.
CREATE FUNCTION letter(label text, confidence float8) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN label NOT LIKE '% (resolved)' OR confidence < 1 THEN left(label, 1) ELSE 'z' END
$$;

-- A random pattern, and the regular expression that means the same if types are
-- a, b, c and z, and A, B, C and Z against the direction.
CREATE FUNCTION draw(depth integer, turned boolean, OUT pattern text, OUT expression text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	kind CONSTANT integer := CASE WHEN depth = 0 THEN 0 ELSE floor(random() * 7) END;
	quantifier CONSTANT text := ('[0:9]={?,*,+,"{2}","{1,2}","{0,3}","{2,}","{1,1}","{0}","{0,}"}'::text[])[floor(random() * 10)];
	turns CONSTANT boolean := random() < 0.3;
	n CONSTANT integer := floor(random() * 4);
	x record;
	y record;
BEGIN
	CASE
	WHEN kind <= 1 THEN
		pattern := CASE WHEN turns THEN '<' ELSE '' END || ('[0:3]={a,b,"\"c\"\"c\"",.}'::text[])[n];
		expression := ('[0:3]={a,b,c,[abcz]}'::text[])[n];
		expression := CASE WHEN turns <> turned THEN upper(expression) ELSE expression END;
	WHEN kind <= 3 THEN
		x := draw(depth - 1, turned);
		y := draw(depth - 1, turned);
		pattern := x.pattern || ' ' || y.pattern;
		expression := CASE WHEN turned THEN y.expression || x.expression ELSE x.expression || y.expression END;
	WHEN kind = 4 THEN
		x := draw(depth - 1, turned <> turns);
		y := draw(depth - 1, turned <> turns);
		pattern := format('%s(%s|%s)', CASE WHEN turns THEN '<' END, x.pattern, y.pattern);
		expression := format('(?:%s|%s)', x.expression, y.expression);
	ELSE
		x := draw(depth - 1, turned <> turns);
		pattern := format('%s(%s)%s', CASE WHEN turns THEN '<' END, x.pattern, quantifier);
		expression := format('(?:(?:%s)%s)', x.expression, quantifier);
	END CASE;
END $$;

-- Random patterns over a graph, from one of its nodes; a row a difference. options:
-- more arguments, and condition the edges that these follow, as e.
CREATE FUNCTION wrong(rel regclass, start text, patterns integer, options text DEFAULT '', condition text DEFAULT 'true',
	avoid text[] DEFAULT NULL, within text[] DEFAULT NULL, stop_at text[] DEFAULT NULL) RETURNS SETOF text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	tail CONSTANT text := format('%s, avoid => %L, within => %L, stop_at => %L, graph => %L', options, avoid, within, stop_at, rel);
	p record;
BEGIN
	EXECUTE format($q$CREATE TEMP TABLE hop AS
		SELECT source::text AS u, target::text AS v, label, confidence, letter(label, confidence) AS l FROM (SELECT source, target, label, %s AS confidence FROM %s) AS e WHERE %s$q$,
		CASE WHEN rel = 'road'::regclass THEN 'NULL::float8' ELSE 'confidence::float8' END, rel, condition);
	CREATE TEMP TABLE way AS WITH RECURSIVE step AS (SELECT u, v, l FROM hop UNION SELECT v, u, upper(l) FROM hop), w (node, s) AS (
		SELECT start, '' UNION SELECT v, s || l FROM w JOIN step ON u = node
		WHERE length(s) < 5 AND (s = '' OR stop_at IS NULL OR u <> ALL (stop_at)) AND (avoid IS NULL OR v <> ALL (avoid)) AND (within IS NULL OR v = ANY (within)))
		SELECT node, s, length(s) AS d FROM w;
	FOR p IN SELECT d.* FROM generate_series(1, patterns) AS i, LATERAL draw(3 + 0 * i, false) AS d
	LOOP
		RETURN QUERY EXECUTE format($q$WITH o AS MATERIALIZED (SELECT node, min(d) AS d FROM way WHERE s ~ %L GROUP BY node),
				m AS MATERIALIZED (SELECT key, distance FROM pt_match(%L::text, %L%s) WHERE distance <= 5),
				s AS MATERIALIZED (SELECT m.*, w.*, coalesce(lag(w.node) OVER (PARTITION BY key ORDER BY step), %2$L) AS before, letter(edge_type, w.confidence) AS l
					FROM m, LATERAL pt_match_path(%2$L::text, key, %3$L%4$s) AS w),
				t AS (SELECT key, distance, count(*) AS n, max(step) AS top, (array_agg(node ORDER BY step DESC))[1] AS last, bool_or(from_key = to_key) AS loops,
					bool_and((from_key, to_key) IN ((before, node), (node, before))) AS connected, bool_and(EXISTS (SELECT FROM hop WHERE (u, v, label) = (from_key, to_key, edge_type) AND s.confidence IS NOT DISTINCT FROM hop.confidence)) AS real,
					string_agg(CASE WHEN to_key = node THEN l ELSE upper(l) END, '' ORDER BY step) AS s FROM s GROUP BY key, distance)
			SELECT format('%%s: %%s', %3$L, x) FROM ((SELECT * FROM o EXCEPT SELECT * FROM m) UNION ALL (SELECT * FROM m EXCEPT SELECT * FROM o)) AS x
			UNION ALL SELECT format('%%s: path %%s', %3$L, t) FROM t WHERE NOT (n = distance AND top = distance AND last = key AND connected AND real AND (loops OR s ~ %1$L))
			UNION ALL SELECT format('%%s: no path to %%s', %3$L, m) FROM m WHERE distance > 0 AND key NOT IN (SELECT key FROM t)
			UNION ALL SELECT format('%%s: %%s twice', %3$L, key) FROM m GROUP BY key HAVING count(*) > 1$q$,
			'^(?:' || p.expression || ')$', start, p.pattern, tail);
	END LOOP;
	DROP TABLE hop, way;
END $$;

-- ---- random graphs ----

SELECT setseed(0.17);
INSERT INTO edge SELECT 'n' || floor(random() * 8), 'n' || floor(random() * 8), CASE WHEN c IS NULL OR random() < 0.1 THEN l ELSE l || ' (resolved)' END, c
	FROM generate_series(1, 15) AS i, LATERAL (SELECT ('[0:3]={a,b,"c\"c",zz}'::text[])[floor(random() * 3.3 + 0 * i)], ('[0:5]={NULL,NULL,NULL,0.8,0.6,0.2}'::numeric[])[floor(random() * 6 + 0 * i)]) AS x (l, c);
INSERT INTO edge VALUES ('n0', 'n1', 'a'), ('n0', 'n2', 'b'), ('n1', 'n0', 'c"c'), ('n3', 'n3', 'a'), ('n2', 'n3', 'a (resolved)');
INSERT INTO road SELECT substr(source, 2)::bigint, substr(target, 2)::bigint, label FROM edge;
CREATE INDEX ON edge USING adjacency (source, target, label, confidence);
CREATE INDEX ON road USING adjacency (source, target, label);

SELECT * FROM wrong('edge', 'n0', 40, '', 'coalesce(confidence, 1) >= 0.5');
SELECT * FROM wrong('edge', 'n1', 20, ', min_confidence => 1', 'confidence IS NULL');
SELECT * FROM wrong('edge', 'n0', 20, ', min_confidence => 0.2');
SELECT * FROM wrong('edge', 'n0', 20, ', min_confidence => 0', 'true', '{n3,n1}');
SELECT * FROM wrong('edge', 'n0', 20, ', min_confidence => 0', 'true', NULL, '{n0,n1,n2,n3,n4}');
SELECT * FROM wrong('edge', 'n2', 20, ', min_confidence => 0', 'true', '{n0}', '{n0,n1,n2,n3,n4,n5}', '{n2,n3}');
SELECT * FROM wrong('seen', 'n0', 20);
SELECT * FROM wrong('seen', 'n0', 20, ', min_confidence => 0.7', 'coalesce(confidence, 1) >= 0.7', '{n1}', NULL, '{n0,n2}');
SELECT * FROM wrong('road', '0', 20);
-- with what the transaction has written, and taken away again
BEGIN;
INSERT INTO edge SELECT target, source, label FROM edge WHERE label = 'a';
DELETE FROM edge WHERE label = 'b' AND source > target;
SELECT * FROM wrong('edge', 'n0', 20, ', min_confidence => 0');
SAVEPOINT s;
DELETE FROM edge WHERE label = 'a';
SELECT * FROM wrong('edge', 'n0', 10, ', min_confidence => 0');
ROLLBACK TO s;
SELECT * FROM wrong('edge', 'n0', 10, ', min_confidence => 0');
ROLLBACK;

-- ---- a relation whose levels are read whole ----

CREATE TABLE wide (source text, target text, label text);
INSERT INTO wide SELECT 'r', '1-' || i, 'a' FROM generate_series(1, 3000) AS i;
INSERT INTO wide SELECT l || '-' || i, (l + 1) || '-' || i, CASE l WHEN 2 THEN 'a' ELSE 'b' END FROM generate_series(1, 3000) AS i, generate_series(1, 3) AS l;
ANALYZE wide;
CREATE VIEW wide_view AS SELECT * FROM wide;
SELECT distance, count(*) FROM pt_match('r', '(a b)*', graph => 'wide_view') GROUP BY 1 ORDER BY 1;
SELECT distance, count(*) FROM pt_match('r', '(a|b)* <b', graph => 'wide_view') GROUP BY 1 ORDER BY 1;
SELECT step, node FROM pt_match_path('r', '4-7', '(a b)+', graph => 'wide_view') ORDER BY step;
CREATE INDEX ON wide USING adjacency (source, target, label);
SELECT distance, count(*) FROM pt_match('r', '(a b)*', graph => 'wide') GROUP BY 1 ORDER BY 1;
SELECT distance, count(*) FROM pt_match('r', '(a|b)* <b', graph => 'wide') GROUP BY 1 ORDER BY 1;
SELECT step, node FROM pt_match_path('r', '4-7', '(a b)+', graph => 'wide') ORDER BY step;

-- ---- what a pattern means ----

CREATE TABLE part (source text, target text, label text);
INSERT INTO part VALUES ('w', 'x', 'a'), ('x', 'y', 'b'), ('y', 'w', 'Calls (resolved)'), ('y', 'z', 'Größe_2'), ('z', 'z', 'say "hi"'), ('z', NULL, 'a'), (NULL, 'alone', 'a');
CREATE INDEX ON part USING adjacency (source, target, label);
CREATE FUNCTION m(pattern text, start text DEFAULT 'w') RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(key || ' ' || distance, ', ' ORDER BY distance, key COLLATE "C"), 'nothing') FROM pt_match(start, pattern, graph => 'match.part')
$$;
SELECT p, m(p) FROM unnest(ARRAY['a', ' a b ', 'a b|a', 'a(b)', '.*', '.{2,3}', '.+', '.{3}', '(a b "Calls (resolved)")+ a?', 'a b Größe_2 "say ""hi"""*', '<"Calls (resolved)"', '<(a b Größe_2)', '<(<a <.)',
	'(.){,2}', 'a{1}', 'a{0}', '(a|b)*', 'A', '"a b"', '(((a{0}){255}){255}){255}', 'a{0,255}', E'a\n\tb', '< a', 'a ?', '. { 1 , 2 }', 'nosuch', '<nosuch?']) WITH ORDINALITY AS u (p, n) ORDER BY n;
SELECT m('<(a b Größe_2)', 'z'), m('<(Größe_2 | <.){2}', 'z'), m('a?', 'alone'), m('a', 'alone');
-- a way may come back, and end where it began
SELECT step, from_key, to_key, edge_type, node FROM pt_match_path('w', 'w', '.+', graph => 'part') ORDER BY step;
SELECT step, from_key, to_key, edge_type, node FROM pt_match_path('w', 'x', 'a <a a', graph => 'part') ORDER BY step;
SELECT step FROM pt_match_path('w', 'w', '.*', graph => 'part');
SELECT step FROM pt_match_path('x', 'w', 'a+', graph => 'part');
-- where ways may go: a start is left in any case, but entered only if it may be
SELECT * FROM pt_match('w', '.+', avoid => '{w}', graph => 'part') ORDER BY distance;
SELECT * FROM pt_match('w', '.+', within => '{x,y}', graph => 'part') ORDER BY distance;
SELECT * FROM pt_match('w', '.*', stop_at => '{w,x}', graph => 'part') ORDER BY distance;
SELECT step FROM pt_match_path('w', 'y', '.+', stop_at => '{x}', graph => 'part');
SELECT step FROM pt_match_path('w', 'y', '.+', avoid => '{y}', graph => 'part');
SET client_min_messages = notice;
SELECT * FROM pt_match('w', '.*', max_nodes => 2, graph => 'part');
SELECT * FROM pt_match('alone', '.*', max_nodes => 0, graph => 'part');
SELECT * FROM pt_match('w', '.*', max_nodes => 4, graph => 'part') ORDER BY distance;

-- ---- keys and types of other types ----

CREATE TYPE kind AS ENUM ('Calls', 'Calls (resolved)', 'Uses');
CREATE TABLE enums (source uuid, target uuid, kind kind);
INSERT INTO enums VALUES (md5('1')::uuid, md5('2')::uuid, 'Calls'), (md5('2')::uuid, md5('3')::uuid, 'Uses');
CREATE INDEX ON enums USING adjacency (source, target, kind);
CREATE TABLE numbers (source int, target int, kind int);
INSERT INTO numbers VALUES (1, 2, 10), (2, 3, 20), (3, 1, 10);
CREATE INDEX ON numbers USING adjacency (source, target, kind);
CREATE TABLE bare (source int, target int);
INSERT INTO bare VALUES (1, 2), (2, 3);
CREATE INDEX ON bare USING adjacency (source, target);
CREATE VIEW bare_view AS SELECT * FROM bare;
SELECT key = md5('3'::text)::uuid::text AS is_third, distance FROM pt_match(md5('1')::uuid, 'Calls Uses', graph => 'enums');
SELECT * FROM pt_match(md5('1')::uuid, 'Class', graph => 'enums');
SELECT * FROM pt_match(1, '(10|20){2,}', graph => 'numbers') ORDER BY distance;
SELECT * FROM pt_match('01', '10?', graph => 'numbers') ORDER BY distance;
SELECT step, node FROM pt_match_path(1::smallint, 3::bigint, '10 20', graph => 'numbers') ORDER BY step;
SELECT * FROM pt_match(1, 'Calls', graph => 'numbers');
SELECT * FROM pt_match(3, '<. <.', graph => 'bare');
SELECT * FROM pt_match(3, '<a', graph => 'bare');
SELECT * FROM pt_match(3, '<. <.', graph => 'bare_view');
SELECT * FROM pt_match(3, '<a', graph => 'bare_view');
SELECT * FROM pt_match(3, '.', min_confidence => 0.5, graph => 'bare');

-- ---- errors ----

SELECT m('');
SELECT m('a (b|');
SELECT m('é a) b');
SELECT m('a || b');
\set VERBOSITY terse
SELECT m('(a b');
SELECT m('()');
SELECT m('a+?');
SELECT m('* a');
SELECT m('a{3,2}');
SELECT m('a{');
SELECT m('a{}');
SELECT m('a{1,2');
SELECT m('a{-1}');
SELECT m('a <');
SELECT m('a & b');
SELECT m('ä "b ""');
SELECT m('a.é-b');
\set VERBOSITY default
SELECT m('a{256}');
SELECT m('a{99999999999999999999}');
SELECT m('(a b){100,128}');
SELECT m(repeat('a ', 256));
SELECT m(repeat('a ', 255)), m('(a b?){127} a');
\set VERBOSITY sqlstate
SELECT m('a {');
SELECT m('a{256}');
SELECT m(repeat('(', 1000000));
SELECT m(NULL);
SELECT m('a', NULL);
SELECT m('a', 'nosuch');
SELECT count(*) FROM pt_match(NULL, 'a', missing_ok => true, graph => 'part');
SELECT count(*) FROM pt_match('nosuch', 'a', missing_ok => true, graph => 'part');
SELECT * FROM pt_match('nosuch', 'a?', missing_ok => true, graph => 'part');
SELECT count(*) FROM pt_match_path('w', 'nosuch', 'a', missing_ok => true, graph => 'part');
SELECT count(*) FROM pt_match_path('w', 'nosuch', 'a', graph => 'part');
SELECT count(*) FROM pt_match_path('w', 'x', NULL, graph => 'part');
SELECT count(*) FROM pt_match('w', 'a', avoid => '{NULL}', graph => 'part');
SELECT count(*) FROM pt_match('w', 'a', max_nodes => -1, graph => 'part');
\set VERBOSITY default
SET client_min_messages = warning;
DROP SCHEMA match CASCADE;
