--
-- Weights of edges: the column that an adjacency index INCLUDEs, as walks get it.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_weights;
SET search_path = pt_weights, public;

-- what walks get, and that against the table: none is different
CREATE FUNCTION edges(graph regclass, direction text DEFAULT 'out', keys text[] DEFAULT NULL)
RETURNS TABLE (from_key text, to_key text, weight double precision) LANGUAGE sql AS $$
	SELECT * FROM _parseltongue.pt_weighted_edges(graph, direction, keys) e ORDER BY e.from_key COLLATE "C", e.to_key COLLATE "C", e.weight $$;
CREATE FUNCTION differences(graph regclass, relation regclass, cost text, seed integer DEFAULT 1)
RETURNS TABLE (what text, difference text) LANGUAGE plpgsql AS $$
DECLARE
	rows text := format('SELECT a::text, b::text, (%1$s)::float8 FROM %2$s WHERE a IS NOT NULL AND b IS NOT NULL AND (%1$s)::float8 < ''Infinity''', cost, relation);
	few text;
	direction text;
BEGIN
	EXECUTE format('SELECT array_agg(a::text)::text FROM (SELECT a FROM %s WHERE a IS NOT NULL GROUP BY a ORDER BY md5(a || %L) LIMIT 7) x', relation, seed) INTO few;
	FOREACH direction IN ARRAY '{out,in}'::text[] LOOP
		RETURN QUERY EXECUTE format($q$
			SELECT %1$L || ' lacks', x::text FROM ((%2$s) EXCEPT ALL SELECT * FROM edges(%3$L, %1$L)) x
			UNION ALL SELECT %1$L || ' has', x::text FROM (SELECT * FROM edges(%3$L, %1$L) EXCEPT ALL (%2$s)) x
			UNION ALL SELECT %1$L || ' of some lacks', x::text FROM ((%2$s AND %5$s::text = ANY (%4$L)) EXCEPT ALL SELECT * FROM edges(%3$L, %1$L, %4$L)) x
			UNION ALL SELECT %1$L || ' of some has', x::text FROM (SELECT * FROM edges(%3$L, %1$L, %4$L) EXCEPT ALL (%2$s AND %5$s::text = ANY (%4$L))) x$q$,
			direction, rows, graph, few, CASE direction WHEN 'out' THEN 'a' ELSE 'b' END);
	END LOOP;
END $$;

-- ---- definitions ----

CREATE TABLE road (a text, b text, kind text, sure numeric(3,2), cost numeric, name text, opened date);
CREATE INDEX ON road USING adjacency (a, b) INCLUDE (cost, sure);
CREATE INDEX ON road USING adjacency (a, b) INCLUDE (name);
CREATE INDEX ON road USING adjacency (a, b) INCLUDE (opened);
-- 19 says where
\set VERBOSITY sqlstate
CREATE INDEX ON road USING adjacency (a, b) INCLUDE ((cost * 2));
\set VERBOSITY default
CREATE INDEX ON road USING adjacency (a) INCLUDE (cost);
CREATE INDEX road_adj ON road USING adjacency (a, b, kind, sure) INCLUDE (cost);
SELECT pg_get_indexdef('road_adj'::regclass);
CREATE TABLE another (LIKE road INCLUDING INDEXES);
SELECT regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', 'USING') FROM pg_index WHERE indrelid = 'another'::regclass;
SELECT source, from_column, to_column, type_column, confidence_column, weight_column, found_by FROM pt_graph_source('road');
SELECT format FROM pt_graph_status('road');

-- ---- values ----

INSERT INTO road VALUES
	('Ulm', 'Augsburg', 'rail', NULL, 86.5), ('Augsburg', 'Ulm', 'rail', NULL, 87), ('Augsburg', 'Munich', 'rail', NULL, 62),
	('Ulm', 'Kempten', 'road', 0.9, NULL), ('Kempten', 'Munich', 'road', NULL, 'Infinity'), ('Ulm', 'Ulm', NULL, NULL, 0),
	('Ulm', 'Augsburg', 'road', 0.5, -1.25), (NULL, 'Ulm', NULL, NULL, 3), ('Ulm', NULL, NULL, NULL, 3);
SELECT * FROM edges('road');
SELECT * FROM edges('road', 'in');
SELECT * FROM edges('road', 'both', '{Kempten,Munich,nowhere}');
SELECT * FROM edges('road', 'out', '{}');
SET parseltongue.min_confidence = 0.8;
SELECT * FROM edges('road', 'out', '{Ulm}');
RESET parseltongue.min_confidence;
-- other walks follow each edge
SELECT node, distance FROM pt_bfs('road', 'Ulm', 1, min_confidence => 0) ORDER BY 1;
SELECT count(*) FROM pt_callees('Ulm', graph => 'road');
SELECT pt_reachable('Kempten', 'Munich', graph => 'road');

-- what is no number is an error for whoever comes across it
BEGIN;
INSERT INTO road VALUES ('Bonn', 'Ulm', NULL, NULL, 'NaN');
SAVEPOINT s;
SELECT * FROM edges('road', 'out', '{Augsburg}');
SELECT * FROM edges('road');
ROLLBACK TO s;
SELECT * FROM edges('road', 'in', '{Ulm}');
ROLLBACK TO s;
SELECT count(*) FROM pt_callees('Bonn', graph => 'road');
UPDATE road SET cost = '-Infinity' WHERE a = 'Bonn';
SELECT * FROM edges('road', 'both', '{Bonn}');
ROLLBACK TO s;
UPDATE road SET sure = 0.1 WHERE a = 'Bonn';
SET LOCAL parseltongue.min_confidence = 0.2;
SELECT count(*) FROM edges('road');
ROLLBACK;
-- undone, it bothers nobody
SELECT count(*) FROM edges('road');
SELECT * FROM pt_check_index('road_adj');

-- each type, at its ends
CREATE TABLE i2 (a int, b int, cost smallint);
CREATE TABLE i4 (a int, b int, cost integer);
CREATE TABLE i8 (a bigint, b bigint, cost bigint);
CREATE TABLE f4 (a smallint, b smallint, cost real);
CREATE TABLE f8 (a uuid, b uuid, cost double precision);
CREATE TABLE n (a text, b text, cost numeric);
CREATE DOMAIN price AS numeric(6,2);
CREATE TABLE d (a text, b text, cost price);
DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY '{i2,i4,i8,f4,f8,n,d}'::text[] LOOP
		EXECUTE format('CREATE INDEX %1$s_adj ON %1$s USING adjacency (a, b) INCLUDE (cost)', t);
	END LOOP;
END $$;
INSERT INTO i2 VALUES (1, 2, -32768), (2, 3, 32767), (3, 1, 0), (3, 2, NULL);
INSERT INTO i4 VALUES (1, 2, -2147483648), (2, 3, 2147483647), (3, 1, 0), (3, 2, NULL);
INSERT INTO i8 VALUES (1, 2, -9223372036854775808), (2, 3, 9223372036854775807), (3, 1, 9007199254740993), (3, 2, NULL);
INSERT INTO f4 VALUES (1, 2, -3.4028235e38), (2, 3, 1e-45), (3, 1, 0.1), (3, 2, NULL), (3, 3, 'Infinity'), (1, 1, '-0');
INSERT INTO f8 SELECT md5(a::text)::uuid, md5(b::text)::uuid, c FROM
	(VALUES (1, 2, -1.7976931348623157e308), (2, 3, 5e-324), (3, 1, 0.1), (3, 2, NULL), (3, 3, 'Infinity'), (1, 1, '-0'::float8)) x (a, b, c);
INSERT INTO n VALUES ('1', '2', -1e308), ('2', '3', 1e-300), ('3', '1', 0.1), ('3', '2', NULL), ('3', '3', 'Infinity'), ('1', '3', 123456789012345678901234567890.5);
INSERT INTO d VALUES ('1', '2', -9999.99), ('2', '3', 0.01), ('3', '1', NULL);
INSERT INTO n VALUES ('1', '2', 1e309);
SELECT t, x.* FROM unnest('{i2,i4,i8,f4,f8,n,d}'::text[]) t, LATERAL differences(t::regclass, t::regclass, 'cost') x;
REINDEX TABLE i8;
REINDEX TABLE n;
SELECT t, x.* FROM unnest('{i8,n}'::text[]) t, LATERAL differences(t::regclass, t::regclass, 'cost') x;
SELECT * FROM edges('i8');
SELECT * FROM edges('f4');
SELECT t, x.* FROM unnest('{i2,i4,i8,f4,f8,n,d}'::text[]) t, LATERAL pt_check_index((t || '_adj')::regclass) x;
-- NULL and NaN are told apart
UPDATE n SET cost = 'NaN' WHERE cost IS NULL;
SELECT * FROM pt_check_index('n_adj');
SELECT * FROM edges('n');
ALTER TABLE i4 ALTER COLUMN cost TYPE double precision USING cost / 3.0;
SELECT * FROM differences('i4', 'i4', 'cost');
ALTER TABLE i4 ALTER COLUMN cost TYPE text;
-- an integer becomes an oid without a build
CREATE TABLE narrow (a int, b int, cost int);
CREATE INDEX narrow_adj ON narrow USING adjacency (a, b) INCLUDE (cost);
INSERT INTO narrow VALUES (1, 2, 3);
ALTER TABLE narrow ALTER COLUMN cost TYPE oid;
SELECT * FROM edges('narrow');
INSERT INTO narrow VALUES (2, 3, 4);

-- ---- which index ----

CREATE TABLE two (a int, b int, meters int, seconds int);
INSERT INTO two VALUES (1, 2, 100, 10), (2, 3, 200, 20);
CREATE INDEX two_plain ON two USING adjacency (a, b);
SELECT * FROM edges('two');
-- walks go on while another index comes and the old one goes
CREATE INDEX two_meters ON two USING adjacency (a, b) INCLUDE (meters);
SELECT * FROM edges('two');
SELECT * FROM edges('two_plain');
SELECT count(*) FROM pt_bfs('two', 1);
CREATE INDEX two_seconds ON two USING adjacency (a, b) INCLUDE (seconds);
SELECT * FROM edges('two');
SELECT * FROM edges('two_seconds');
SELECT count(*) FROM pt_bfs('two', 1);
DROP INDEX two_plain, two_meters;
SELECT * FROM edges('two');

-- ---- queries ----

CREATE VIEW by_road AS SELECT a AS source, b AS target, kind AS label, cost FROM road;
CREATE VIEW by_weight AS SELECT a AS from_key, b AS to_key, cost::real AS weight FROM road;
CREATE VIEW by_short AS SELECT a, b, cost FROM road;
CREATE VIEW by_both AS SELECT a AS source, b AS target, cost, 1 AS weight FROM road;
CREATE VIEW by_name AS SELECT a AS source, b AS target, name AS cost FROM road;
-- two columns are no ends for being two
CREATE VIEW ends AS SELECT i AS cost, i + 1 AS b FROM generate_series(1, 3) i;
SELECT from_column, to_column, weight_column, found_by FROM pt_graph_source('ends');
SELECT count(*) FROM pt_bfs('ends', 1);
SELECT v, s.* FROM unnest('{by_road,by_weight,by_short,by_both,by_name}'::regclass[]) v, LATERAL (SELECT type_column, weight_column, found_by FROM pt_graph_source(v)) s;
SELECT * FROM edges('by_road');
SELECT v, x.* FROM unnest('{by_road,by_short,by_weight}'::regclass[]) v, LATERAL differences(v, 'road', CASE v::text WHEN 'by_weight' THEN 'cost::real' ELSE 'cost' END) x;
SELECT * FROM edges('by_both');
SELECT * FROM edges('by_name');
SELECT count(*) FROM pt_bfs('by_both', 'Ulm', 1);
INSERT INTO road VALUES ('Bonn', 'Ulm', NULL, NULL, 'NaN');
SELECT * FROM edges('by_road', 'in');
SELECT * FROM edges('by_road', 'out', '{Augsburg}');
DELETE FROM road WHERE a = 'Bonn';
CREATE TABLE parts (a int, b int, cost int) PARTITION BY HASH (a);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON parts USING adjacency (a, b) INCLUDE (cost);
INSERT INTO parts SELECT i, i * 7 % 30, nullif(i, 9) FROM generate_series(1, 30) i;
SELECT * FROM differences('parts', 'parts', 'cost');
SELECT * FROM differences('parts_1', 'parts_1', 'cost');
CREATE TABLE bare (a int, b int, kind text, cost int);
SELECT * FROM edges('bare');
CREATE TABLE named (source int, target int, length int);
SELECT * FROM edges('named');
CREATE VIEW seen AS SELECT source, target FROM named;
SELECT * FROM edges('seen');

-- ---- privileges ----

CREATE ROLE regress_pt_weigher;
GRANT USAGE ON SCHEMA pt_weights TO regress_pt_weigher;
GRANT SELECT (a, b, kind, sure) ON road TO regress_pt_weigher;
SET ROLE regress_pt_weigher;
SELECT pt_blast_radius_count('Ulm', graph => 'road');
SELECT count(*) FROM edges('road');
RESET ROLE;
GRANT SELECT (cost) ON road TO regress_pt_weigher;
SET ROLE regress_pt_weigher;
SELECT count(*) FROM edges('road');
RESET ROLE;
-- row-level security: queries, by the columns of the index
ALTER TABLE road ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON road USING (kind IS DISTINCT FROM 'rail');
SET ROLE regress_pt_weigher;
SELECT * FROM edges('road');
RESET ROLE;
ALTER TABLE road DISABLE ROW LEVEL SECURITY;

-- ---- changes ----

CREATE TABLE t (id serial, a text, b text, kind text, cost double precision, note text) WITH (autovacuum_enabled = off);
CREATE INDEX t_adj ON t USING adjacency (a, b, kind) INCLUDE (cost);
CREATE TABLE k (id serial, a bigint, b bigint, kind text, cost numeric(8,3), note text) WITH (autovacuum_enabled = off, fillfactor = 50);
CREATE INDEX k_adj ON k USING adjacency (a, b) INCLUDE (cost);
CREATE FUNCTION churn(graph regclass, seed double precision, count integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	insertion text := format('INSERT INTO %s (a, b, kind, cost) SELECT floor(random() * 30)::int, CASE WHEN half < 0.95 THEN floor(random() * 30)::int END, ''k'',
		CASE WHEN half < 0.1 THEN NULL WHEN half < 0.15 THEN 0 ELSE round((random() * 2000 - 500)::numeric, 3) END
		FROM (SELECT random() AS half FROM generate_series(1, 1 + floor(random() * 6)::integer)) r', graph);
	few text := format('WHERE id IN (SELECT id FROM %s ORDER BY random() LIMIT 1 + floor(random() * 5))', graph);
	change text;
	r double precision;
BEGIN
	PERFORM setseed(seed);
	FOR i IN 1 .. count LOOP
		r := random();
		change := CASE
			WHEN r < 0.35 THEN insertion
			WHEN r < 0.50 THEN format('UPDATE %s SET note = %L ', graph, i) || few
			WHEN r < 0.75 THEN format('UPDATE %s SET cost = cost + %s ', graph, i) || few
			WHEN r < 0.80 THEN format('UPDATE %s SET cost = NULL ', graph) || few
			WHEN r < 0.85 THEN format('UPDATE %s SET cost = 1, a = b, b = a ', graph) || few
			ELSE format('DELETE FROM %s ', graph) || few END;
		r := random();
		BEGIN
			EXECUTE change;
			IF r < 0.25 THEN
				RAISE division_by_zero;
			END IF;
		EXCEPTION WHEN division_by_zero THEN
			NULL;
		END;
	END LOOP;
END $$;
INSERT INTO t (a, b, cost) SELECT i, i * 7 % 30, i FROM generate_series(1, 200) i;
INSERT INTO k (a, b, cost) SELECT i, i * 7 % 30, i FROM generate_series(1, 600) i;
-- a new weight is a new entry, however small the difference; another column's value is not
CREATE FUNCTION updates() RETURNS TABLE (updated bigint, in_place bigint) LANGUAGE sql AS $$
	SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relid = 'k'::regclass $$;
BEGIN;
UPDATE k SET note = 'x' WHERE id <= 10;
SELECT * FROM updates();
UPDATE k SET cost = cost + 0.001 WHERE id BETWEEN 11 AND 20;
SELECT * FROM updates();
UPDATE k SET cost = cost, note = 'y' WHERE id BETWEEN 21 AND 30;
SELECT * FROM updates();
SELECT * FROM differences('k', 'k', 'cost');
COMMIT;
SELECT log_entries FROM pt_graph_status('k');
\set ECHO none
\pset tuples_only on
\pset format unaligned
SELECT format('SELECT churn(''t'', %1$s / 40.0, 12), churn(''k'', %1$s / 41.0, 12)', s),
	CASE s % 4 WHEN 1 THEN 'VACUUM t, k' WHEN 3 THEN 'DELETE FROM k WHERE id % 3 = 0' WHEN 0 THEN 'VACUUM k' ELSE 'REINDEX TABLE t' END,
	format('SELECT %1$s AS step, g, x.* FROM unnest(ARRAY[''t'', ''k'']::regclass[]) g, LATERAL differences(g, g, ''cost'', %1$s) x', s),
	format('SELECT %1$s AS step, g, x.* FROM unnest(ARRAY[''t'', ''k'']::regclass[]) g, LATERAL pt_check_index((g || ''_adj'')::regclass) x', s)
FROM generate_series(1, 24) s \gexec
\pset tuples_only off
\pset format aligned
\set ECHO all
-- it has been compacted, and there is something to compare
SELECT epoch > 0 AS compacted, format, edges > 50 AS edges FROM pt_graph_status('k');
SELECT count(*) > 100 AS edges FROM edges('t');
-- what one transaction sees, others do not
BEGIN;
UPDATE t SET cost = 5000 WHERE cost > 0;
SELECT * FROM differences('t', 't', 'cost');
SAVEPOINT s;
DELETE FROM t WHERE a < '2';
SELECT * FROM differences('t', 't', 'cost');
ROLLBACK TO s;
SELECT * FROM differences('t', 't', 'cost');
ROLLBACK;
SELECT * FROM differences('t', 't', 'cost');
-- merged into the base; once more, with deaths in base and overlay
CREATE TABLE big (a int, b int, cost real) WITH (autovacuum_enabled = off);
CREATE INDEX big_adj ON big USING adjacency (a, b) INCLUDE (cost);
INSERT INTO big SELECT i, i % 100, i FROM generate_series(1, 1000) i;
SELECT count(*), sum(weight) FROM edges('big');
INSERT INTO big SELECT i % 1000, i, i * 1.5 FROM generate_series(1, 26000) i;
SELECT image_origin, edges FROM pt_prewarm('big');
SELECT count(*) FROM differences('big', 'big', 'cost');
INSERT INTO big SELECT i % 1000, i, i * 2.5 FROM generate_series(1, 26000) i;
DELETE FROM big WHERE a % 10 = 3;
VACUUM big;
SELECT image_origin, edges FROM pt_prewarm('big');
SELECT count(*) FROM differences('big', 'big', 'cost');
SELECT count(*) FROM pt_check_index('big_adj');
-- weights take room: 16 bytes an edge of the image, both directions
CREATE TABLE unweighted AS SELECT a, b FROM big;
REINDEX TABLE big;
CREATE INDEX ON unweighted USING adjacency (a, b);
SELECT (x.image_bytes - y.image_bytes) / x.edges AS bytes FROM pt_prewarm('unweighted') u, pt_graph_status('big') x, pt_graph_status('unweighted') y;
DROP SCHEMA pt_weights CASCADE;
DROP ROLE regress_pt_weigher;
