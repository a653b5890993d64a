--
-- Random inserts, updates, deletes, rollbacks and VACUUM, each followed by the
-- comparison with recursive queries.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_churn;
SET search_path = pt_churn, public;
SET jit = off;				-- would compile for longer than it runs

-- differences(): each row is a difference to recursive queries
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/test/oracle.sql'
\set ECHO none
\i :oracle
\set ECHO all

-- count random changes to a table of 40 nodes, an edge or a few each. Some are
-- undone by an exception, some nested in one.
CREATE FUNCTION churn(graph regclass, seed double precision, count integer, node text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	change text;
	r double precision;
	insertion text := format('INSERT INTO %s (a, b, kind) SELECT %s, %s, %s FROM (
			SELECT floor(random() * random() * 40)::integer AS x, floor(random() * 40)::integer AS y, floor(random() * 4)::integer AS k, random() AS half
			FROM generate_series(1, 1 + floor(random() * 6)::integer)) r',
		graph, replace(node, '@', 'x'), 'CASE WHEN half < 0.95 THEN ' || replace(node, '@', 'y') || ' END',
		'CASE WHEN k < 3 THEN chr(97 + k) END');
	few text := format('WHERE id IN (SELECT id FROM %s ORDER BY random() LIMIT 1 + floor(random() * 5))', graph);
BEGIN
	PERFORM setseed(seed);
	FOR i IN 1 .. count LOOP
		r := random();
		change := CASE
			WHEN r < 0.35 THEN insertion
			WHEN r < 0.50 THEN format('UPDATE %s SET note = %L ', graph, i) || few
			WHEN r < 0.58 THEN format('UPDATE %s SET b = a ', graph) || few
			WHEN r < 0.64 THEN format('UPDATE %s SET a = b, b = a ', graph) || few
			WHEN r < 0.70 THEN format('UPDATE %s SET kind = %L ', graph, chr(97 + i % 4)) || few
			WHEN r < 0.74 THEN format('UPDATE %s SET b = NULL ', graph) || few
			WHEN r < 0.96 THEN format('DELETE FROM %s ', graph) || few
			ELSE format('WITH gone AS (DELETE FROM %s %s RETURNING *) INSERT INTO %s SELECT * FROM gone', graph, few, graph) END;
		r := random();
		BEGIN
			EXECUTE change;
			IF r < 0.2 THEN
				RAISE division_by_zero;
			ELSIF r < 0.3 THEN
				BEGIN
					EXECUTE insertion;
					RAISE division_by_zero;
				EXCEPTION WHEN division_by_zero THEN
					EXECUTE insertion;
				END;
			END IF;
		EXCEPTION WHEN division_by_zero THEN
			NULL;
		END;
	END LOOP;
END $$;

CREATE TABLE texts (id serial, a text, b text, kind text, note text) WITH (autovacuum_enabled = off);
CREATE INDEX texts_adjacency ON texts USING adjacency (a, b, kind);
CREATE TABLE numbers (id serial, a bigint, b bigint, kind text, note text) WITH (autovacuum_enabled = off, fillfactor = 50);
CREATE INDEX numbers_adjacency ON numbers USING adjacency (a, b, kind);
CREATE TABLE ids (id serial, a uuid, b uuid, kind varchar, note text) WITH (autovacuum_enabled = off);
CREATE INDEX ids_adjacency ON ids USING adjacency (a, b, kind);
CREATE FUNCTION churn(step integer) RETURNS void LANGUAGE sql AS $$
	SELECT churn('texts', step / 100.0::double precision, 15, $q$'node ' || @$q$);
	SELECT churn('numbers', step / 100.0::double precision, 15, '@ * 4294967296');
	SELECT churn('ids', step / 100.0::double precision, 15, 'md5(@::text)::uuid');
$$;
CREATE FUNCTION compare(step integer) RETURNS TABLE (graph regclass, what text, direction text, bound integer, filter text, start text, node text, distance integer) LANGUAGE sql AS $$
	SELECT g, d.what, d.direction, d.bound, d.filter, d.start, d.node, d.distance
	FROM unnest(ARRAY['texts', 'numbers', 'ids']::regclass[]) g,
		LATERAL differences(g, step, CASE step % 3 WHEN 0 THEN '{12}' WHEN 1 THEN '{NULL}' ELSE '{2}' END::integer[],
							CASE step % 4 WHEN 0 THEN '{a,b}' ELSE 'NULL' END, 3) d
$$;

-- in a transaction each
SELECT churn(1), churn(2);
SELECT * FROM compare(1);
SELECT * FROM compare(2);
SELECT command FROM generate_series(3, 8) i, LATERAL (VALUES
	(1, format('SELECT churn(%s)', i)),
	(2, format('SELECT * FROM compare(%s)', i))) c(n, command) ORDER BY i, n \gexec
-- with VACUUM between: what it frees is used again
SELECT command FROM generate_series(11, 16) i, LATERAL (VALUES
	(1, 'VACUUM texts, numbers, ids'),
	(2, format('SELECT * FROM compare(%s)', i)),
	(3, format('SELECT churn(%s)', i)),
	(4, format('SELECT * FROM compare(%s)', i + 1))) c(n, command) ORDER BY i, n \gexec
-- in transactions of each kind, rolled back and not
SELECT command FROM generate_series(19, 25) i, LATERAL (VALUES
	(1, 'BEGIN ISOLATION LEVEL ' || (ARRAY['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])[1 + i % 3]),
	(2, format('SELECT * FROM compare(%s)', i)),
	(3, format('SELECT churn(%s)', i)),
	(4, format('SELECT * FROM compare(%s)', i)),
	(5, 'SAVEPOINT s'),
	(6, format('SELECT churn(%s)', i + 20)),
	(7, format('SELECT * FROM compare(%s)', i + 1)),
	(8, CASE WHEN i % 2 = 0 THEN 'RELEASE s' ELSE 'ROLLBACK TO s' END),
	(9, format('SELECT * FROM compare(%s)', i + 1)),
	(10, CASE WHEN i % 4 < 2 THEN 'COMMIT' ELSE 'ROLLBACK' END),
	(11, format('SELECT * FROM compare(%s)', i)),
	(12, CASE WHEN i % 3 = 0 THEN 'VACUUM texts, numbers, ids' ELSE 'ANALYZE texts' END)) c(n, command) ORDER BY i, n \gexec
SELECT * FROM compare(0);
SELECT g, c.* FROM unnest(ARRAY['texts_adjacency', 'numbers_adjacency', 'ids_adjacency']::regclass[]) g, pt_check_index(g) c;
VACUUM (FREEZE) texts, numbers, ids;
SELECT * FROM compare(1);
-- the whole is not nothing
SELECT g, s.nodes > 10 AS nodes, s.edges > 20 AS edges FROM unnest(ARRAY['texts', 'numbers', 'ids']::regclass[]) g, pt_graph_status(g) s;
DROP TABLE texts, numbers, ids;

-- ---------------------------------------------------------------------------
-- Rolled-back edges, whose places others take.
-- ---------------------------------------------------------------------------
CREATE TABLE reused (a integer, b integer, note text) WITH (autovacuum_enabled = off);
CREATE INDEX reused_adjacency ON reused USING adjacency (a, b);
CREATE FUNCTION walk() RETURNS text LANGUAGE sql AS
	$$ SELECT string_agg(node::text, ' ' ORDER BY distance, node) FROM pt_bfs('reused', 1, missing_ok => true) $$;
INSERT INTO reused VALUES (1, 2), (2, 3);
BEGIN;
INSERT INTO reused SELECT 3, i FROM generate_series(10, 20) i;
SELECT walk();
ROLLBACK;
SELECT walk();
VACUUM reused;
SELECT walk();
INSERT INTO reused SELECT 2, i FROM generate_series(30, 40) i;
SELECT walk();
DELETE FROM reused WHERE b > 30;
SELECT walk();
BEGIN;
INSERT INTO reused VALUES (2, 50);
SAVEPOINT a;
INSERT INTO reused VALUES (50, 51);
SAVEPOINT b;
INSERT INTO reused VALUES (51, 52);
SELECT walk();
ROLLBACK TO b;
SELECT walk();
INSERT INTO reused VALUES (51, 53);
RELEASE a;
SELECT walk();
COMMIT;
SELECT walk();
VACUUM reused;
SELECT walk();
-- the same edge, gone and back in one transaction and in several
BEGIN;
DELETE FROM reused WHERE a = 1;
SELECT walk();
INSERT INTO reused VALUES (1, 2);
SELECT walk();
DELETE FROM reused WHERE a = 1;
SELECT walk();
ROLLBACK;
SELECT walk();
-- chains of HOT updates, pruned before and after
SELECT format('UPDATE reused SET note = %L', i) FROM generate_series(1, 40) i \gexec
SELECT walk();
UPDATE reused SET b = 54 WHERE b = 53;
SELECT format('UPDATE reused SET note = %L WHERE a > 1', i) FROM generate_series(1, 20) i \gexec
DELETE FROM reused WHERE b = 30;
SELECT count(*) FROM reused;
SELECT walk();
VACUUM reused;
SELECT walk();
SELECT * FROM pt_check_index('reused_adjacency');
DROP TABLE reused CASCADE;

-- ---------------------------------------------------------------------------
-- More changes than the overlay takes; then most of them gone.
-- ---------------------------------------------------------------------------
CREATE TABLE many (id serial, a integer, b integer) WITH (autovacuum_enabled = off);
CREATE INDEX many_adjacency ON many USING adjacency (a, b);
CREATE FUNCTION reach(start integer) RETURNS TABLE (direction text, nodes bigint, wrong bigint) LANGUAGE sql AS $$
	WITH RECURSIVE forth AS (SELECT start AS n UNION SELECT b FROM forth JOIN many ON a = n WHERE b IS NOT NULL),
		back AS (SELECT start AS n UNION SELECT a FROM back JOIN many ON b = n WHERE a IS NOT NULL)
	SELECT 'out', count(*), count(*) FILTER (WHERE f.n IS NULL OR w.node IS NULL) FROM forth f FULL JOIN pt_bfs('many', start) w ON w.node = f.n
	UNION ALL
	SELECT 'in', count(*), count(*) FILTER (WHERE f.n IS NULL OR w.node IS NULL) FROM back f FULL JOIN pt_bfs('many', start, direction => 'in') w ON w.node = f.n
$$;
CREATE INDEX ON many (a);
CREATE INDEX ON many (b);
INSERT INTO many (a, b) SELECT i / 3, i FROM generate_series(1, 1000) i;
ANALYZE many;
SELECT * FROM reach(500);
SELECT setseed(0.5);
INSERT INTO many (a, b) SELECT i, 1000 + i / 2 + floor(random() * i / 2)::integer FROM generate_series(1, 12000) i;
SELECT * FROM reach(2);
BEGIN;
INSERT INTO many (a, b) SELECT 500, 20000 + i FROM generate_series(1, 9000) i;
SELECT * FROM reach(2);
ROLLBACK;
SELECT * FROM reach(2);
INSERT INTO many (a, b) SELECT 13000 + i, 13000 + floor(random() * i)::integer FROM generate_series(1, 12000) i;
SELECT * FROM reach(13005);
INSERT INTO many (a, b) SELECT 1000 - i % 1000, 25000 + i FROM generate_series(1, 12000) i;
SELECT * FROM reach(2);
SELECT edges, overlay_edges <= 25000 AS overlay_bounded FROM pt_graph_status('many');
UPDATE many SET b = b + 1 WHERE id % 10 = 0;
SELECT * FROM reach(2);
DELETE FROM many WHERE id % 10 < 9 AND id > 100;
SELECT * FROM reach(2);
VACUUM many;
SELECT * FROM reach(2);
VACUUM many;
SELECT * FROM reach(2);
INSERT INTO many (a, b) SELECT i / 2, i FROM generate_series(1, 30000) i;
SELECT * FROM reach(2);
DELETE FROM many WHERE id % 3 = 0;
VACUUM many;
INSERT INTO many (a, b) SELECT i, i / 5 FROM generate_series(1, 20000) i;
SELECT * FROM reach(2);
SELECT * FROM pt_check_index('many_adjacency');
DELETE FROM many;
VACUUM many;
INSERT INTO many (a, b) VALUES (2, 501), (499, 2);
SELECT * FROM reach(2);

-- VACUUM cuts the end off a table: an image made before still has its edges
CREATE TABLE cut (a integer, b integer, pad text) WITH (autovacuum_enabled = off);
INSERT INTO cut SELECT i, i + 1, repeat('x', 1000) FROM generate_series(1, 600) i;
INSERT INTO cut VALUES (10, 5000);
CREATE INDEX cut_adjacency ON cut USING adjacency (a, b);
SELECT count(*) FROM pt_bfs('cut', 1);
DELETE FROM cut WHERE a > 500 OR b = 5000;
VACUUM cut;
SELECT count(*) FROM pt_bfs('cut', 1);
SELECT count(*) FROM pt_bfs('cut', 501, direction => 'both');
SELECT * FROM pt_callees('501', graph => 'cut');
SELECT * FROM pt_check_index('cut_adjacency');

-- what an image has to read of the log, in every small number of entries
CREATE TABLE tail (a integer, b integer) WITH (autovacuum_enabled = off);
CREATE INDEX tail_adjacency ON tail USING adjacency (a, b);
CREATE FUNCTION tails(most integer) RETURNS SETOF integer LANGUAGE plpgsql AS $$
BEGIN
	FOR n IN 1 .. most LOOP
		TRUNCATE tail;
		INSERT INTO tail VALUES (1, 2);
		PERFORM count(*) FROM pt_bfs('tail', 1);
		INSERT INTO tail SELECT i, i + 1 FROM generate_series(2, n + 1) i;
		IF (SELECT count(*) FROM pt_bfs('tail', 1)) <> n + 2 THEN
			RETURN NEXT n;
		END IF;
	END LOOP;
END $$;
SELECT * FROM tails(130);

-- deaths and edges behind the image in thousands, in all the places of the table,
-- some of which others have taken since
CREATE TABLE behind (a integer, b integer) WITH (autovacuum_enabled = off);
INSERT INTO behind SELECT i % 5000, i * 7919::bigint % 5003 FROM generate_series(1, 20000) i;
CREATE INDEX behind_adjacency ON behind USING adjacency (a, b);
CREATE FUNCTION odd_degrees() RETURNS TABLE (node bigint, counted bigint, queried bigint) LANGUAGE sql AS $$
	SELECT node, coalesce(d.n, 0), coalesce(q.n, 0)
	FROM (SELECT node, in_degree * 100000 + out_degree AS n FROM pt_degree('behind', NULL::bigint)) d FULL JOIN
		(SELECT node::bigint, sum(n)::bigint AS n FROM (SELECT a AS node, 1 AS n FROM behind UNION ALL SELECT b, 100000 FROM behind) e GROUP BY node) q USING (node)
	WHERE d.n IS DISTINCT FROM q.n
$$;
SELECT count(*) FROM odd_degrees();
DELETE FROM behind WHERE hashint4(a * 31 + b) % 5 = 2;
VACUUM behind;
SELECT * FROM odd_degrees();
SELECT * FROM differences('behind', 1, '{1,NULL}', starts => 3);
INSERT INTO behind SELECT i * 31 % 5000, i * 37 % 6000 FROM generate_series(1, 1500) i;
DELETE FROM behind WHERE hashint4(a * 31 + b) % 7 = 3;
SELECT * FROM odd_degrees();
SELECT * FROM differences('behind', 2, '{1,NULL}', starts => 3);
VACUUM behind;
SELECT * FROM odd_degrees();
SELECT * FROM differences('behind', 3, '{2,NULL}', starts => 3);
-- all of it was behind, not in the image
SELECT overlay_edges > 1000 AS behind FROM pt_graph_status('behind');

DROP SCHEMA pt_churn CASCADE;
