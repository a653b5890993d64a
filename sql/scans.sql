-- parseltongue regression test: ordinary queries
-- What a bitmap scan of an adjacency index finds is what a sequential scan finds.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
\getenv seed PT_SEED
\if :{?seed}
\else
\set seed 1
\endif
SELECT setseed(1.0 / (1 + :seed)) \g /dev/null
CREATE SCHEMA scans;
SET search_path = scans, public;

-- Runs a query with this index and without it: whether the first had a bitmap scan of
-- it, and how many rows only one of them found.
CREATE FUNCTION compare(query text, OUT by_index boolean, OUT differ bigint) LANGUAGE plpgsql AS $$
DECLARE
	gather CONSTANT text := 'SELECT array_agg(r::text) FROM (%s) AS r';
	found text[];
	other text[];
	line text;
BEGIN
	by_index := false;
	SET LOCAL enable_seqscan = off;
	SET LOCAL enable_indexscan = off;
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		by_index := by_index OR line ~ 'Bitmap Index Scan on \w*adjacency';
	END LOOP;
	EXECUTE format(gather, query) INTO found;
	SET LOCAL enable_seqscan = on;
	SET LOCAL enable_bitmapscan = off;
	EXECUTE format(gather, query) INTO other;
	SET LOCAL enable_bitmapscan = on;
	SELECT count(*) INTO differ FROM (
		(SELECT unnest(found) EXCEPT ALL SELECT unnest(other)) UNION ALL (SELECT unnest(other) EXCEPT ALL SELECT unnest(found))) AS d;
END $$;

-- Nodes of every type, with NULLs and without.
CREATE FUNCTION random_edges(type text, nulls float8) RETURNS TABLE (name text, by_index bigint, differ numeric) LANGUAGE plpgsql AS $$
DECLARE
	one text := CASE WHEN type = 'uuid' THEN $q$(md5(r::text))::uuid$q$ WHEN type ~ 'char|text|name' THEN $q$('k' || r)::$q$ || type ELSE 'r::' || type END;
	argument text;
	forms text[] := '{}';
BEGIN
	EXECUTE format('CREATE TABLE edges (id serial, source %1$s, target %1$s, label text)', type);
	EXECUTE format($q$INSERT INTO edges (source, target, label)
		SELECT CASE WHEN random() >= %2$s THEN (SELECT %1$s FROM (SELECT (random() * 40)::int + 0 * i AS r) AS v) END,
			CASE WHEN random() >= %2$s THEN (SELECT %1$s FROM (SELECT (random() * 40)::int + 0 * i AS r) AS v) END, 'l' || i %% 3
		FROM generate_series(1, 700) AS i$q$, one, nulls);
	CREATE INDEX edges_adjacency ON edges USING adjacency (source, target, label);
	-- where all rows are edges an image answers, else the log
	PERFORM pt_prewarm('edges');
	-- some after the index, some moved, some gone
	EXECUTE format($q$INSERT INTO edges (source, target, label) SELECT source, target, label FROM edges WHERE id %% 3 = 0$q$);
	UPDATE edges SET label = 'm' WHERE id % 7 = 0;
	UPDATE edges SET source = target, target = source WHERE id % 11 = 0;
	DELETE FROM edges WHERE id % 5 = 0;
	FOR i IN 1..3 LOOP
		EXECUTE format('SELECT quote_literal(%s) FROM (SELECT (random() * 42)::int AS r) AS v', one) INTO argument;
		argument := argument || '::' || type;
		forms := forms || ARRAY['source = ' || argument, 'target = ' || argument, format('source = %1$s AND target <> %1$s', argument),
			format('source = %1$s AND label = ''l1''', argument), format('source = %1$s OR target = %1$s', argument),
			format('target = ANY (ARRAY[%s, NULL, (SELECT max(source::text)::%s FROM edges)])', argument, type)];
	END LOOP;
	name := type;
	SELECT count(*) FILTER (WHERE c.by_index), sum(c.differ) INTO by_index, differ
	FROM unnest(forms) AS f, compare('SELECT id FROM edges WHERE ' || f) AS c;
	RETURN NEXT;
	DROP TABLE edges;
END $$;
SELECT r.* FROM unnest('{0.1,0}'::float8[]) AS n, unnest('{smallint,integer,bigint,oid,text,varchar,character(6),name,uuid}'::text[]) AS t, random_edges(t, n) AS r;

-- Integers of other sizes, texts as names and names as texts, blanks at the end of char(n).
CREATE TABLE small (source smallint, target smallint);
INSERT INTO small SELECT i % 50, i % 7 FROM generate_series(-300, 300) AS i;
CREATE INDEX small_adjacency ON small USING adjacency (source, target);
SELECT c.* FROM unnest('{source = 7,source = 7::bigint,source = 70000,source = ANY (ARRAY[3000000000\, 5]),target = -3::bigint}'::text[]) AS f,
	compare('SELECT * FROM small WHERE ' || f) AS c;
CREATE TABLE words (source char(5), target char(5), a varchar, b text);
INSERT INTO words SELECT 'x' || i % 9, 'y', 'v' || i % 4, 'v' || i % 4 || CASE WHEN i % 2 = 0 THEN ' ' ELSE '' END FROM generate_series(1, 50) AS i;
CREATE INDEX words_adjacency ON words USING adjacency (source, target);
CREATE INDEX other_adjacency ON words USING adjacency (a, b);
-- the class of another type does not make char(n) of a text
CREATE INDEX odd_adjacency ON words USING adjacency (a public.adjacency_any_ops, b public.adjacency_any_ops);
SELECT c.* FROM unnest('{source = ''x1'',source = ''x1      '',source::text = ''x1'',a = ''v1'',b = ''v2'',b = ''v2 '',b::char(9) = ''v2'',a = ''v1''::name}'::text[]) AS f,
	compare('SELECT * FROM words WHERE ' || f) AS c;

-- Every type of a column with values of every type for which there is an operator: which of them
-- the index is asked for, alone, as an array and by a join, and how many rows differ.
CREATE FUNCTION castable(value text, type text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT %L::%s', value, type);
	RETURN true;
EXCEPTION WHEN others THEN
	RETURN false;
END $$;
CREATE DOMAIN positive AS bigint CHECK (value <> 0);
CREATE DOMAIN word AS varchar(70) COLLATE "C";
CREATE FUNCTION type_matrix(stored text, texts text[], types text[]) RETURNS TABLE (type text, by_index text, by_other text, tried bigint, differ numeric) LANGUAGE plpgsql AS $$
DECLARE
	asked text;
	queries text[];
	r record;
BEGIN
	type := stored;
	by_index := '';
	by_other := '';
	tried := 0;
	differ := 0;
	EXECUTE format('CREATE TABLE edges (id serial, source %1$s, target %1$s)', stored);
	EXECUTE format('INSERT INTO edges (source, target) SELECT v::%1$s, w::%1$s FROM unnest($1) AS v, unnest($1) AS w UNION ALL SELECT v::%1$s, NULL FROM unnest($1) AS v', stored)
		USING ARRAY(SELECT t FROM unnest(texts) AS t WHERE castable(t, stored));
	CREATE INDEX edges_adjacency ON edges USING adjacency (source, target);
	FOREACH asked IN ARRAY types LOOP
		queries := ARRAY(SELECT format('SELECT id FROM edges WHERE %L::%s = source', t, asked) FROM unnest(texts) AS t WHERE castable(t, asked));
		queries := queries || format('SELECT id FROM edges WHERE target = ANY (%L::%s[])', ARRAY(SELECT t FROM unnest(texts) AS t WHERE castable(t, asked)), asked)
			|| format('SELECT i, e.id FROM unnest(%L::%s[]) WITH ORDINALITY AS v (x, i), LATERAL (SELECT id FROM edges WHERE source = x OFFSET 0) AS e', ARRAY(SELECT t FROM unnest(texts) AS t WHERE castable(t, asked)), asked);
		BEGIN
			SELECT bool_and(c.by_index) AS every, bool_or(c.by_index) AS some, count(*) AS tried, sum(c.differ) AS differ INTO r FROM unnest(queries) AS q, compare(q) AS c;
		EXCEPTION WHEN undefined_function OR numeric_value_out_of_range THEN
			CONTINUE;
		END;
		tried := tried + r.tried;
		differ := differ + r.differ;
		IF r.every THEN
			by_index := by_index || asked || ' ';
		ELSE
			by_other := by_other || asked || CASE WHEN r.some THEN '(some) ' ELSE ' ' END;
		END IF;
	END LOOP;
	RETURN NEXT;
	DROP TABLE edges;
END $$;
SELECT m.* FROM unnest('{smallint,integer,bigint,oid,positive}'::text[]) AS t,
	type_matrix(t, '{0,1,-1,7,32767,-32768,32768,70000,2147483647,-2147483648,2147483648,4294967295,9223372036854775807,1.5,NaN}',
		'{smallint,integer,bigint,oid,numeric,real,double precision,positive,text,regclass}') AS m;
SELECT m.* FROM unnest(ARRAY['text', 'text COLLATE "C"', 'varchar', 'varchar(9)', 'character(6)', 'name', 'word']) AS t,
	type_matrix(t, ARRAY['a', 'A', 'a  ', '', ' ', 'ab', E'\u00e1', E'a\u0301', repeat('n', 63), repeat('n', 64), '1', E'a\t'],
		'{text,varchar,varchar(3),character(3),character(70),name,word,"\"char\"",integer}') AS m;
SELECT m.* FROM type_matrix('uuid', '{00000000-0000-0000-0000-000000000000,00000000-0000-0000-0000-000000000001,FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF,00000000000000000000000000000001}', '{uuid,text}') AS m;
-- texts that are long and compressed, or apart
CREATE TABLE long_words AS SELECT repeat('x', i * 700) AS a, repeat('y', i * 700) || md5(i::text) AS b FROM generate_series(1, 9) AS i;
ALTER TABLE long_words ALTER a SET STORAGE external;
INSERT INTO long_words SELECT a, b FROM long_words;
CREATE INDEX long_words_adjacency ON long_words USING adjacency (a, b);
SELECT c.* FROM unnest(ARRAY['a = repeat(''x'', 6300)', 'b = (SELECT max(b) FROM long_words)', 'a IN (SELECT a FROM long_words AS o WHERE length(b) > 3000)']) AS f,
	compare('SELECT md5(a || b) FROM long_words WHERE ' || f) AS c;
-- other types are refused
DO $$
DECLARE
	refused text;
	n int := 0;
BEGIN
	CREATE TYPE mood AS ENUM ('sad', 'happy');
	CREATE DOMAIN money_of AS numeric;
	FOREACH refused IN ARRAY '{bytea,numeric,"numeric(3\,2)",real,double precision,boolean,date,timestamptz,mood,money_of,"\"char\"",integer[],inet,jsonb,tid,regclass,xid8,bit(3),interval}'::text[] LOOP
		EXECUTE format('CREATE TABLE refused (a %1$s, b %1$s)', refused);
		BEGIN
			CREATE INDEX ON refused USING adjacency (a, b);
			RAISE WARNING 'not refused: %', refused;
		EXCEPTION WHEN datatype_mismatch OR undefined_object THEN
			n := n + 1;
		END;
		DROP TABLE refused;
	END LOOP;
	RAISE WARNING 'refused: %', n;
END $$;
-- collations: another than the index's is not its business, and none that makes equal what has other bytes
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION strict (provider = icu, locale = 'und');
CREATE TABLE collated (id serial, a text COLLATE strict, b text COLLATE strict, c text COLLATE loose, d text COLLATE "C");
INSERT INTO collated (a, b, c, d) SELECT v, w, v, w FROM unnest(ARRAY['a', 'A', E'\u00e1', 'b']) AS v, unnest(ARRAY['a', 'A', E'\u00c1', 'b']) AS w;
CREATE INDEX collated_adjacency ON collated USING adjacency (a, b);
CREATE INDEX other_collated_adjacency ON collated USING adjacency (a COLLATE "C", d);
SELECT f, c.* FROM unnest(ARRAY['a = ''a''', 'a = ''a'' COLLATE strict', 'a = ''a'' COLLATE "C"', 'a = ''a'' COLLATE "POSIX"', 'a = ''a'' COLLATE loose', 'b = ANY (ARRAY[''a'' COLLATE loose, ''b''])',
	'b = c COLLATE loose AND a = ''b''', 'd = ''A''', 'd = ''A'' COLLATE loose', 'd = ''a''::name']) AS f,
	compare('SELECT id FROM collated WHERE ' || f) AS c;
\set VERBOSITY sqlstate
CREATE INDEX ON collated USING adjacency (a, c);
CREATE INDEX ON collated USING adjacency (a, b COLLATE loose);
CREATE INDEX ON collated USING adjacency (a, c COLLATE "C");
ALTER TABLE collated ALTER a TYPE text COLLATE loose;
\set VERBOSITY default

-- What is not offered, and what cannot be made of it.
SELECT (compare('SELECT * FROM small WHERE ' || f)).* FROM unnest(ARRAY['source IS NULL', 'source > 5', 'source = NULL', 'source = ANY (ARRAY[]::smallint[])']) AS f;
CREATE UNIQUE INDEX ON small USING adjacency (source, target);
ALTER TABLE small ADD EXCLUDE USING adjacency (source WITH =, target WITH =);
ALTER TABLE small ALTER source SET NOT NULL, ALTER target SET NOT NULL, REPLICA IDENTITY USING INDEX small_adjacency;

-- Work memory: lossy pages, and none.
CREATE TABLE wide (id serial, source int, target int, pad text);
INSERT INTO wide (source, target, pad) SELECT i % 2, i % 1000, repeat('p', 1600) FROM generate_series(1, 8000) AS i;
CREATE INDEX wide_adjacency ON wide USING adjacency (source, target);
VACUUM ANALYZE wide;
SET work_mem = '64kB';
SELECT * FROM compare('SELECT id FROM wide WHERE source = 1');
SET work_mem = '1GB';
SELECT * FROM compare('SELECT id FROM wide WHERE source = 1');
RESET work_mem;

-- Joins, rescans, parameters, plans that are kept, cursors, loops, workers.
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM wide AS a LEFT JOIN wide AS b ON b.source = a.target WHERE a.source = 5;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
EXPLAIN (COSTS OFF) SELECT v, count(id) FROM generate_series(995, 1003) AS v LEFT JOIN wide ON target = v GROUP BY v ORDER BY v;
SELECT v, count(id) FROM generate_series(995, 1003) AS v LEFT JOIN wide ON target = v GROUP BY v ORDER BY v;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
SET plan_cache_mode = force_generic_plan;
PREPARE by_target(int, int[]) AS SELECT count(*) FROM wide WHERE target = $1 OR target = ANY ($2);
EXECUTE by_target(3, '{4,5,NULL}');
EXECUTE by_target(NULL, '{4,5,4}');
EXECUTE by_target(NULL, NULL);
DEALLOCATE by_target;
RESET plan_cache_mode;
DO $$
DECLARE
	n bigint := 0;
	r record;
BEGIN
	FOR r IN SELECT * FROM wide WHERE target = 17 LOOP
		-- rows that are added meanwhile are not seen
		INSERT INTO wide (source, target) VALUES (1, 17);
		n := n + 1;
	END LOOP;
	IF n <> 8 OR (SELECT count(*) FROM wide WHERE target = 17) <> 16 THEN
		RAISE EXCEPTION 'a loop saw % rows', n;
	END IF;
END $$;
BEGIN;
DECLARE c CURSOR FOR SELECT count(*) OVER (), id FROM wide WHERE target = 18 ORDER BY id;
FETCH 1 FROM c;
DELETE FROM wide WHERE target = 18;
SAVEPOINT s;
INSERT INTO wide (source, target) VALUES (1, 18);
SELECT count(*) FROM wide WHERE target = 18;
ROLLBACK TO s;
SELECT count(*) FROM wide WHERE target = 18;
FETCH 1 FROM c;
ROLLBACK;
SELECT count(*) FROM wide WHERE target = 18;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT count(*), sum(length(pad)) FROM wide WHERE source = 1;
RESET min_parallel_table_scan_size;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;

-- Just loaded, under a policy: the owner's query and another role's go by it, each for its rows;
-- and so does a walk, which asks by queries then.
CREATE TABLE guarded (a int, b int, owner text);
INSERT INTO guarded SELECT i % 300, (i * 7 + i / 300) % 300, CASE WHEN i % 7 > 3 THEN 'regress_scans' ELSE 'nobody' END FROM generate_series(1, 3000) AS i;
INSERT INTO guarded VALUES (5, NULL, 'regress_scans'), (5, NULL, 'nobody'), (NULL, 5, 'regress_scans');
CREATE INDEX guarded_adjacency ON guarded USING adjacency (a, b);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (owner = current_user);
CREATE ROLE regress_scans;
GRANT USAGE ON SCHEMA scans TO regress_scans;
GRANT SELECT ON guarded TO regress_scans;
SELECT * FROM compare('SELECT * FROM guarded WHERE a = 5');
SET ROLE regress_scans;
SELECT * FROM compare('SELECT * FROM guarded WHERE a = 5');
SELECT * FROM compare('SELECT * FROM guarded WHERE b = ANY (''{5,6,NULL}'')');
SELECT count(*), count(DISTINCT owner) FROM guarded WHERE a = 5;
SET enable_seqscan = off;
WITH RECURSIVE r (n) AS (SELECT 5 UNION SELECT e.b FROM r JOIN guarded AS e ON e.a = r.n WHERE e.b IS NOT NULL),
	walked AS (SELECT node FROM pt_bfs('guarded', 5))
SELECT (SELECT count(*) FROM walked) > 50 AS many, count(*) AS differ FROM (
	(SELECT n FROM r EXCEPT SELECT node FROM walked) UNION ALL (SELECT node FROM walked EXCEPT SELECT n FROM r)) AS d;
RESET enable_seqscan;
RESET ROLE;
DROP TABLE guarded;
REVOKE USAGE ON SCHEMA scans FROM regress_scans;
DROP ROLE regress_scans;

-- A recursive query goes by it, and finds what the walk finds.
CREATE TABLE tree AS SELECT i AS id, CASE WHEN i > 1 THEN i / 3 + 1 END AS parent FROM generate_series(1, 2000) AS i WHERE i <> 2;
CREATE INDEX tree_adjacency ON tree USING adjacency (parent, id);
ANALYZE tree;
WITH RECURSIVE below AS (SELECT 1 AS id, 0 AS depth UNION SELECT t.id, depth + 1 FROM below JOIN tree AS t ON t.parent = below.id WHERE depth < 4)
SELECT count(DISTINCT id) = (SELECT count(*) FROM pt_bfs('tree', 1, 4)) AS same FROM below;
-- the root, which has no parent, by its own end
SELECT * FROM tree WHERE id = 1;
SELECT edges FROM pt_graph_status('tree_adjacency');
SELECT count(*) FROM pt_check_index('tree_adjacency');
DELETE FROM tree WHERE id = 1;
VACUUM tree;
SELECT edges FROM pt_graph_status('tree_adjacency');
SELECT count(*) FROM pt_check_index('tree_adjacency');

-- Rows with one end are in images, too. Does a scan of the index read a few pages of it, not all
-- of the log, as where no image answers; does the planner expect that; and does it find
-- no place but those of rows that are there, as just after VACUUM?
CREATE FUNCTION pages(query text, OUT few boolean, OUT expected boolean, OUT "exact" boolean, OUT differ bigint) LANGUAGE plpgsql AS $$
DECLARE
	plan json;
	node json;
BEGIN
	SET LOCAL enable_seqscan = off;
	SET LOCAL enable_indexscan = off;
	EXECUTE 'ANALYZE ' || substring(query FROM 'FROM (\w+)');
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	expected := (plan -> 0 -> 'Plan' -> 'Plans' -> 0 ->> 'Total Cost')::float8 < 100;
	EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || query INTO plan;
	node := plan -> 0 -> 'Plan' -> 'Plans' -> 0;
	IF node ->> 'Node Type' = 'Bitmap Index Scan' THEN
		few := (node ->> 'Shared Hit Blocks')::int + (node ->> 'Shared Read Blocks')::int + (node ->> 'Local Hit Blocks')::int + (node ->> 'Local Read Blocks')::int < 20;
		"exact" := (node ->> 'Actual Rows')::float8 = (plan -> 0 -> 'Plan' ->> 'Actual Rows')::float8;
	END IF;
	SELECT c.differ INTO differ FROM compare(query) AS c;
END $$;
CREATE FUNCTION roots_pages(OUT few boolean, OUT expected boolean, OUT "exact" boolean, OUT differ numeric) LANGUAGE sql AS $$
	SELECT bool_and(p.few), bool_and(p.expected), bool_and(p."exact"), sum(p.differ) FROM unnest(ARRAY['id = 1', 'id = 20', 'id = 11', 'id = 5', 'parent = 3', 'parent = 40', 'parent = 1000003', 'id = 1000003',
		'id = ANY (''{1,20,21,21,NULL,99999}'')', 'parent = ANY (''{1,20,21,21,40}'')', 'id = 5 AND parent = 2', 'id = 20 AND parent = 7']) AS f,
		pages('SELECT * FROM roots WHERE ' || f) AS p
$$;
CREATE TABLE roots (parent int, id int) WITH (autovacuum_enabled = off);
-- every tenth has no parent, some have no child, the one or the other more than once
INSERT INTO roots SELECT CASE WHEN i % 10 <> 0 THEN i / 3 + 1 END, i FROM generate_series(1, 20000) AS i;
INSERT INTO roots SELECT i % 50, NULL FROM generate_series(1, 300) AS i;
INSERT INTO roots SELECT NULL, i % 50 FROM generate_series(1, 300) AS i;
CREATE INDEX roots_adjacency ON roots USING adjacency (parent, id);
SELECT * FROM roots_pages();
SELECT pt_prewarm('roots') IS NOT NULL AS prewarmed;
SELECT * FROM roots_pages();
SELECT nodes, edges FROM pt_graph_status('roots_adjacency');
-- a node that only such rows have leads nowhere
INSERT INTO roots VALUES (NULL, 1000003), (1000003, NULL);
SELECT pt_bfs('roots', 1000003);
SELECT nodes, edges FROM pt_graph_status('roots_adjacency');
-- behind the base, killed there and in the base, places used again
INSERT INTO roots SELECT NULL, i % 50 FROM generate_series(1, 300) AS i;
INSERT INTO roots SELECT i % 50, NULL FROM generate_series(1, 300) AS i;
SELECT few, expected, differ FROM roots_pages();
DELETE FROM roots WHERE (parent IS NULL OR id IS NULL) AND (coalesce(parent, id) + (ctid::text::point)[1]::int) % 2 = 0;
SELECT few, expected, differ FROM roots_pages();
VACUUM roots;
SELECT differ, "exact" FROM roots_pages();
INSERT INTO roots SELECT NULL, i % 60 FROM generate_series(1, 500) AS i;
INSERT INTO roots SELECT i % 60, NULL FROM generate_series(1, 500) AS i;
INSERT INTO roots SELECT i % 60, i FROM generate_series(1, 500) AS i;
SELECT * FROM roots_pages();
-- read when they are dead already: what is next behind the base, a half or an edge, is not taken for them
CREATE TABLE twigs (n serial, a int, b int) WITH (autovacuum_enabled = off);
CREATE INDEX twigs_adjacency ON twigs USING adjacency (a, b);
CREATE FUNCTION twigs_pages(OUT "exact" boolean, OUT differ numeric) LANGUAGE sql AS $$
	SELECT bool_and(p."exact"), sum(p.differ) FROM generate_series(1, 8) AS v, unnest('{a,b}'::text[]) AS e, pages(format('SELECT * FROM twigs WHERE %s = %s', e, v)) AS p
$$;
INSERT INTO twigs (a, b) SELECT i % 9, i % 7 FROM generate_series(1, 300) AS i;
SELECT pt_prewarm('twigs') IS NOT NULL AS prewarmed;
INSERT INTO twigs (a, b) VALUES (1, NULL), (2, NULL), (3, 3), (NULL, 4), (5, 5), (NULL, 6), (7, 7), (8, NULL);
DELETE FROM twigs WHERE n IN (301, 304, 305);
VACUUM twigs;
SELECT * FROM twigs_pages();
DELETE FROM twigs WHERE n IN (302, 307);
VACUUM twigs;
SELECT * FROM twigs_pages();
DELETE FROM twigs WHERE n IN (303, 306);
VACUUM twigs;
SELECT * FROM twigs_pages();
SELECT count(*) FROM pt_check_index('twigs_adjacency');
-- dead before anybody read them, and what is alive behind them
INSERT INTO roots SELECT CASE WHEN i % 2 = 0 THEN i % 60 END, CASE WHEN i % 2 = 1 THEN i % 60 END FROM generate_series(1, 800) AS i;
DELETE FROM roots WHERE (parent IS NULL OR id IS NULL) AND coalesce(parent, id) % 3 = 0;
INSERT INTO roots SELECT i % 60, i FROM generate_series(1, 100) AS i;
VACUUM (INDEX_CLEANUP on) roots;
INSERT INTO roots SELECT CASE WHEN i % 2 = 0 THEN i % 60 END, CASE WHEN i % 2 = 1 THEN i % 60 END FROM generate_series(1, 200) AS i;
SELECT differ FROM roots_pages();
-- merged, with and without deaths in the base
INSERT INTO roots SELECT CASE WHEN i % 2 = 0 THEN i % 300 END, CASE WHEN i % 2 = 1 THEN i % 300 END FROM generate_series(1, 26000) AS i;
SELECT pt_prewarm('roots') IS NOT NULL AS prewarmed;
SELECT * FROM roots_pages();
INSERT INTO roots SELECT CASE WHEN i % 3 > 0 THEN i % 300 END, CASE WHEN i % 3 < 2 THEN i % 300 END FROM generate_series(1, 26000) AS i;
SELECT pt_prewarm('roots') IS NOT NULL AS prewarmed;
SELECT * FROM roots_pages();
DELETE FROM roots WHERE parent % 300 = 40 OR id % 300 = 20;
VACUUM roots;
INSERT INTO roots SELECT NULL, i % 60 FROM generate_series(1, 500) AS i;
INSERT INTO roots SELECT CASE WHEN i % 2 = 0 THEN i % 300 END, CASE WHEN i % 2 = 1 THEN i % 300 END FROM generate_series(1, 26000) AS i;
SELECT pt_prewarm('roots') IS NOT NULL AS prewarmed;
SELECT * FROM roots_pages();
SELECT count(*) FROM pt_check_index('roots_adjacency');
-- built from a log in which some are dead
CREATE TABLE dead_roots (a int, b int) WITH (autovacuum_enabled = off);
CREATE INDEX dead_roots_adjacency ON dead_roots USING adjacency (a, b);
INSERT INTO dead_roots SELECT CASE WHEN i % 2 = 0 THEN i % 10 END, CASE WHEN i % 2 = 1 THEN i % 10 END FROM generate_series(1, 1000) AS i;
DELETE FROM dead_roots WHERE random() < 0.3;
VACUUM dead_roots;
SELECT pt_prewarm('dead_roots') IS NOT NULL AS prewarmed;
SELECT p.* FROM unnest('{a = 4,b = 5}'::text[]) AS f, pages('SELECT * FROM dead_roots WHERE ' || f) AS p;
-- the log is compacted
DELETE FROM roots WHERE random() < 0.8;
VACUUM roots;
VACUUM roots;
SELECT differ FROM roots_pages();
SELECT pt_prewarm('roots') IS NOT NULL AS prewarmed;
SELECT * FROM roots_pages();
SELECT count(*) FROM pt_check_index('roots_adjacency');
-- an image of the session's own
CREATE TEMPORARY TABLE few_edges AS SELECT CASE WHEN i <= 10 THEN i + 1 END AS a, i AS b FROM generate_series(1, 60000) AS i;
CREATE INDEX few_edges_adjacency ON few_edges USING adjacency (a, b);
SELECT count(*) FROM pt_bfs('few_edges', 11);
SELECT p.* FROM unnest('{a = 5,b = 5,b = 59999}'::text[]) AS f, pages('SELECT * FROM few_edges WHERE ' || f) AS p;
-- where there is no room for them scans are right, and merging brings none
CREATE TEMPORARY TABLE no_room AS SELECT * FROM few_edges;
CREATE INDEX no_room_adjacency ON no_room USING adjacency (a, b);
SET parseltongue.local_image_memory = '1MB';
SELECT count(*) FROM pt_bfs('no_room', 11);
SELECT p.* FROM unnest('{a = 5,b = 5,b = 59999,a = 5 AND b = 4}'::text[]) AS f, pages('SELECT * FROM no_room WHERE ' || f) AS p;
RESET parseltongue.local_image_memory;
INSERT INTO no_room SELECT CASE WHEN i % 2 = 0 THEN i END, i FROM generate_series(1, 52000) AS i;
DELETE FROM no_room WHERE a IS NULL AND b = 7;
VACUUM no_room;
SELECT count(*) FROM pt_bfs('no_room', 11);
SELECT few, expected, differ FROM unnest('{a = 5,b = 5,b = 7,b = 59999,a = 6 AND b = 6}'::text[]) AS f, pages('SELECT * FROM no_room WHERE ' || f) AS p;
-- no walk fails because of them: what has them needs no more memory than what has not
CREATE TEMPORARY TABLE with_halves (a int, b int);
CREATE TEMPORARY TABLE without_halves (a int, b int);
CREATE INDEX ON with_halves USING adjacency (a, b);
CREATE INDEX ON without_halves USING adjacency (a, b);
CREATE FUNCTION walks(edges regclass, kilobytes int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('parseltongue.local_image_memory', kilobytes || 'kB', true);
	RETURN (SELECT count(*) = 5 FROM pt_bfs(edges, 1000000));
EXCEPTION WHEN configuration_limit_exceeded THEN
	RETURN false;
END $$;
DO $$
DECLARE
	outcome text := '';
BEGIN
	INSERT INTO with_halves SELECT i, NULL FROM generate_series(1, 12000) AS i;
	INSERT INTO with_halves SELECT 1000000 + i, 1000000 + i + CASE WHEN i < 3 THEN 1 ELSE 20000 END FROM generate_series(0, 5000) AS i;
	INSERT INTO with_halves SELECT i, NULL FROM generate_series(1, 12000) AS i;
	INSERT INTO without_halves SELECT * FROM with_halves WHERE b IS NOT NULL;
	FOR kilobytes IN 900..2400 BY 50 LOOP
		REINDEX TABLE with_halves;
		REINDEX TABLE without_halves;
		outcome := outcome || CASE WHEN walks('without_halves', kilobytes) THEN '1' ELSE '0' END;
		IF walks('with_halves', kilobytes) <> (right(outcome, 1) = '1') THEN
			RAISE EXCEPTION 'with % kB: without halves %', kilobytes, right(outcome, 1);
		END IF;
	END LOOP;
	ASSERT outcome ~ '^0+1+$';
END $$;

-- Asked again and again without an image, a scan reads the log twice and remembers it, in memory
-- or on disk.
CREATE FUNCTION loops(edges text, condition text, OUT recalls boolean, OUT on_disk boolean, OUT "exact" boolean, OUT differ bigint) LANGUAGE plpgsql AS $$
DECLARE
	query CONSTANT text := format('SELECT array_agg(v || '' '' || r.id) FROM generate_series(-2, 75) AS v, LATERAL (SELECT id FROM %s WHERE %s OFFSET %%s) AS r', edges, condition);
	found text[];
	other text[];
	plan jsonb;
BEGIN
	SET LOCAL enable_seqscan = off;
	SET LOCAL enable_memoize = off;
	EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || format(query, 0) INTO plan;
	SELECT bool_and((n ->> 'Shared Hit Blocks')::int + (n ->> 'Shared Read Blocks')::int < 2 * (n ->> 'Actual Loops')::int + 3 * pg_relation_size(edges || '_adjacency') / current_setting('block_size')::int),
		bool_and((n ->> 'Temp Written Blocks')::int > 0),
		CASE count(*) WHEN 1 THEN min(n ->> 'Actual Rows') = jsonb_path_query_first(plan, 'strict $.** ? (@."Node Type" == "Bitmap Heap Scan")') ->> 'Actual Rows' END
	INTO recalls, on_disk, "exact"
	FROM jsonb_path_query(plan, 'strict $.** ? (@."Node Type" == "Bitmap Index Scan")') AS n;
	EXECUTE format(query, 0) INTO found;
	SET LOCAL enable_seqscan = on;
	SET LOCAL enable_bitmapscan = off;
	EXECUTE format(query, 'NULL') INTO other;
	SET LOCAL enable_bitmapscan = on;
	SELECT count(*) INTO differ FROM (
		(SELECT unnest(found) EXCEPT ALL SELECT unnest(other)) UNION ALL (SELECT unnest(other) EXCEPT ALL SELECT unnest(found))) AS d;
END $$;
CREATE FUNCTION all_loops() RETURNS TABLE (edges text, condition text, recalls boolean, on_disk boolean, "exact" boolean, differ bigint) LANGUAGE sql AS $$
	SELECT e, f, l.* FROM unnest('{recalled,named}'::text[]) AS e,
		unnest(ARRAY['a = k', 'b = k', 'a = k AND b = k', 'b = k AND a = h', 'a = ANY (ARRAY[k, k, NULL, h])', 'b = ANY (ARRAY[k, h]) AND a = k', 'a = k OR b = k', 'b = NULL']) AS f,
		loops(e, replace(replace(f, 'k', CASE WHEN e = 'named' THEN '''n''||v' ELSE 'v' END), 'h', CASE WHEN e = 'named' THEN '''n1''' ELSE '1' END)) AS l
$$;
-- a node that many have, in the one direction, and the other; rows with one end
CREATE TABLE recalled (id serial, a int, b int) WITH (autovacuum_enabled = off);
INSERT INTO recalled (a, b) SELECT nullif(CASE WHEN i % 10 = 0 THEN 1 ELSE i * 7 % 70 END, 13), nullif(CASE WHEN i % 10 = 1 THEN 2 ELSE i * 3 % 71 END, 17) FROM generate_series(1, 8000) AS i;
CREATE INDEX recalled_adjacency ON recalled USING adjacency (a, b);
UPDATE recalled SET a = b, b = a WHERE id % 50 = 0;
DELETE FROM recalled WHERE id % 10 = 5;
VACUUM recalled;
CREATE TABLE named (id serial, a text, b text) WITH (autovacuum_enabled = off);
INSERT INTO named (a, b) SELECT 'n' || a, 'n' || b FROM recalled;
CREATE INDEX named_adjacency ON named USING adjacency (a, b);
ANALYZE recalled, named;
SELECT * FROM all_loops();
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SELECT * FROM all_loops();
-- with more keys than are worth looking up in runs
SELECT loops('recalled', 'a = ANY (ARRAY(SELECT v + x FROM generate_series(1, 400) AS x))');
-- a cursor, and savepoints between its rows; an error; an end before the end
SET enable_seqscan = off;
BEGIN;
DECLARE c CURSOR FOR SELECT v, r.id FROM unnest('{2,3,4,5,6}'::int[]) AS v, LATERAL (SELECT min(id) AS id FROM recalled WHERE a = v OFFSET 0) AS r;
FETCH 1 FROM c;
SAVEPOINT s;
FETCH 1 FROM c;
ROLLBACK TO s;
FETCH 1 FROM c;
INSERT INTO recalled (id, a, b) VALUES (-1, 5, 1), (-2, 6, 2);
FETCH 1 FROM c;
RELEASE s;
FETCH 1 FROM c;
COMMIT;
DELETE FROM recalled WHERE id < 0;
SELECT v, r.id / (4 - v) AS n FROM generate_series(1, 9) AS v, LATERAL (SELECT 0 AS id FROM recalled WHERE a = v LIMIT 1 OFFSET 0) AS r;
SELECT v, r.id FROM generate_series(2, 9) AS v, LATERAL (SELECT min(id) AS id FROM recalled WHERE a = v OFFSET 0) AS r LIMIT 3;
RESET enable_seqscan;
RESET work_mem;
RESET hash_mem_multiplier;
-- what the planner expects of it
CREATE FUNCTION cost_of_scan(loops int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	SET LOCAL enable_seqscan = off;
	SET LOCAL enable_hashjoin = off;
	SET LOCAL enable_mergejoin = off;
	SET LOCAL enable_memoize = off;
	SET LOCAL enable_material = off;
	EXECUTE format('EXPLAIN (FORMAT JSON) SELECT * FROM generate_series(1, %s) AS v JOIN recalled ON a = v', loops) INTO plan;
	RETURN jsonb_path_query_first(plan, 'strict $.** ? (@."Node Type" == "Bitmap Index Scan")') ->> 'Total Cost';
END $$;
SELECT cost_of_scan(1) > 100 AS one, cost_of_scan(2) = cost_of_scan(1) AS two, cost_of_scan(100) < cost_of_scan(1) / 5 AS hundred, cost_of_scan(10000) < 10 AS many;

-- Foreign keys that have only this index at their columns.
CREATE TABLE node (id int PRIMARY KEY);
INSERT INTO node SELECT generate_series(1, 100);
CREATE TABLE link (source int REFERENCES node ON DELETE CASCADE, target int REFERENCES node ON DELETE SET NULL);
INSERT INTO link SELECT i % 100 + 1, i * 7 % 100 + 1 FROM generate_series(1, 1000) AS i;
CREATE INDEX link_adjacency ON link USING adjacency (source, target);
DELETE FROM node WHERE id % 10 = 0;
SELECT count(*), count(target) FROM link;
SELECT * FROM compare('SELECT * FROM link WHERE target = 4');
SELECT count(*) FROM pt_check_index('link_adjacency');

-- Partitions, each with an index of its own.
CREATE TABLE parted (source int, target int) PARTITION BY HASH (source);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT i % 30, i % 19 FROM generate_series(1, 600) AS i;
CREATE INDEX parted_adjacency ON parted USING adjacency (source, target);
SELECT differ FROM compare('SELECT * FROM parted WHERE target = 3');

-- What writers do to it: aborted rows, HOT updates, VACUUM, compaction, rebuilding.
CREATE TABLE busy (id serial, source int, target int, other int) WITH (fillfactor = 50);
CREATE INDEX busy_adjacency ON busy USING adjacency (source, target);
CREATE FUNCTION busy_differs() RETURNS numeric LANGUAGE sql AS $$
	SELECT sum(differ) FROM generate_series(2, 6) AS v, unnest('{source,target}'::text[]) AS e, compare(format('SELECT id, other FROM busy WHERE %s = %s', e, v))
$$;
INSERT INTO busy (source, target, other) SELECT nullif(i % 10, 3), nullif(i % 9, 4), i FROM generate_series(1, 3000) AS i;
BEGIN;
INSERT INTO busy (source, target) SELECT i % 10, i % 9 FROM generate_series(1, 500) AS i;
SELECT busy_differs();
ROLLBACK;
UPDATE busy SET other = -other WHERE id % 3 = 0;
DELETE FROM busy WHERE id % 4 = 0;
SELECT busy_differs();
VACUUM busy;
INSERT INTO busy (source, target, other) SELECT nullif(i % 10, 5), nullif(i % 9, 6), i FROM generate_series(1, 1000) AS i;
SELECT busy_differs();
DELETE FROM busy WHERE id % 3 > 0;
VACUUM busy;
SELECT busy_differs();
REINDEX INDEX CONCURRENTLY busy_adjacency;
SELECT busy_differs();
CREATE INDEX CONCURRENTLY busy2_adjacency ON busy USING adjacency (source, target);
DROP INDEX busy_adjacency;
SELECT busy_differs();
SELECT count(*) FROM pt_check_index('busy2_adjacency');
TRUNCATE busy;
SELECT busy_differs();
-- the same from an image, which others have and change
INSERT INTO busy (source, target, other) SELECT i % 10, i % 9, i FROM generate_series(1, 3000) AS i;
SELECT pt_prewarm('busy') IS NOT NULL AS prewarmed;
BEGIN;
INSERT INTO busy (source, target) SELECT i % 10, i % 9 FROM generate_series(1, 500) AS i;
SELECT busy_differs();
SAVEPOINT s;
DELETE FROM busy WHERE id % 4 = 0;
SELECT busy_differs();
ROLLBACK TO s;
SELECT busy_differs();
ROLLBACK;
SELECT busy_differs();
DELETE FROM busy WHERE id % 4 = 0;
UPDATE busy SET other = -other WHERE id % 3 = 0;
UPDATE busy SET source = target WHERE id % 7 = 0;
VACUUM busy;
INSERT INTO busy (source, target, other) SELECT i % 10, i % 9, i FROM generate_series(1, 1000) AS i;
SELECT busy_differs();
-- one row with one end
INSERT INTO busy (source) VALUES (4);
SELECT busy_differs();
DELETE FROM busy WHERE target IS NULL;
VACUUM busy;
SELECT busy_differs();
DELETE FROM busy WHERE id % 3 > 0;
VACUUM busy;
SELECT busy_differs();
SELECT count(*) FROM pt_check_index('busy2_adjacency');
-- an image without room for what is new: no error
SELECT pt_prewarm('busy') IS NOT NULL AS prewarmed;
INSERT INTO busy (source, target, other) SELECT i % 10, i % 9, i FROM generate_series(1, 20000) AS i;
SET parseltongue.local_image_memory = '1MB';
SELECT busy_differs();
RESET parseltongue.local_image_memory;
RESET enable_seqscan;

-- Beside two btrees no plan changes, whatever is asked; with one, the other end is found.
CREATE TABLE planned (source int, target int, label text);
INSERT INTO planned SELECT i % 3000, i * 7 % 3000, 'l' || i % 5 FROM generate_series(1, 30000) AS i;
CREATE INDEX planned_source ON planned (source);
CREATE INDEX planned_target ON planned (target, label);
ANALYZE planned;
CREATE FUNCTION plans() RETURNS TABLE (query text, plan text) LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOREACH query IN ARRAY ARRAY['SELECT * FROM planned WHERE source = 1', 'SELECT * FROM planned WHERE target = 1', 'SELECT * FROM planned WHERE source = 1 AND target = 7',
		'SELECT * FROM planned WHERE source = 1 OR target = 7', 'SELECT * FROM planned WHERE source = ANY (''{1,2,3}'')', 'SELECT * FROM planned WHERE target = 7 AND label = ''l1''',
		'SELECT * FROM planned WHERE label = ''l1''', 'SELECT * FROM planned', 'SELECT count(*) FROM planned', 'SELECT * FROM planned ORDER BY source',
		'SELECT * FROM planned WHERE source > 2990', 'SELECT * FROM planned AS a JOIN planned AS b ON a.target = b.source WHERE a.source = 4',
		'SELECT * FROM planned AS a JOIN planned AS b ON a.target = b.source', 'UPDATE planned SET label = ''x'' WHERE source = 4', 'DELETE FROM planned WHERE source = 4 AND target = 8'] LOOP
		plan := '';
		FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
			plan := plan || line || E'\n';
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE TABLE before AS SELECT * FROM plans();
CREATE INDEX planned_adjacency ON planned USING adjacency (source, target, label);
SELECT pt_prewarm('planned') IS NOT NULL AS prewarmed;
SELECT count(*), count(*) FILTER (WHERE p.plan <> b.plan) AS changed FROM plans() AS p JOIN before AS b USING (query);
DROP INDEX planned_source, planned_target;
EXPLAIN (COSTS OFF) SELECT * FROM planned WHERE source = 1;
EXPLAIN (COSTS OFF) SELECT * FROM planned WHERE source = ANY ('{1,2,3}') AND label = 'l1';
EXPLAIN (COSTS OFF) SELECT * FROM planned WHERE source = 1 OR target = 7;
EXPLAIN (COSTS OFF) SELECT * FROM planned WHERE label = 'l1';

-- Nor where a btree has the end behind columns for which the query has values.
CREATE TABLE labelled (source int, target int, label text, kind int, flag boolean, pair int);
INSERT INTO labelled SELECT i % 3000, i * 7 % 3000, 'l' || i % 5, nullif(i % 4, 3), i % 3 = 0, i FROM generate_series(1, 30000) AS i;
CREATE INDEX labelled_source ON labelled (label, kind, source);
CREATE INDEX labelled_target ON labelled (flag, target);
-- of so many values that no btree skips from one to the next (from 18 on)
CREATE INDEX labelled_pair ON labelled (pair, target);
CREATE INDEX labelled_guess ON labelled (kind, target) WHERE label = 'l9';
ANALYZE labelled;
CREATE TABLE labelled_queries (n serial, query text);
INSERT INTO labelled_queries (query) SELECT 'SELECT * FROM labelled WHERE ' || q FROM unnest(ARRAY['label = ''l1'' AND kind = 1 AND source = 7',
	'label = ANY (''{l1,l2}'') AND 1 = kind AND source = 7', 'label = ''l1'' AND kind IS NULL AND source = ANY (''{7,8}'')',
	'flag AND target = 7', 'NOT flag AND target = 7', 'flag IS TRUE AND target = 7', 'flag = true AND target = 7 AND source = 8', 'label = ''l9'' AND kind = 2 AND target = 7',
	'(label = ''l1'' AND kind = 1 AND source = 7) OR (label = ''l2'' AND kind = 1 AND source = 8)']) AS q;
INSERT INTO labelled_queries (query) VALUES
	('SELECT * FROM labelled AS a JOIN labelled AS b ON b.source = a.target AND b.label = a.label AND b.kind = a.kind WHERE a.label = ''l1'' AND a.kind = 1 AND a.source = 7'),
	('SELECT * FROM labelled AS a JOIN labelled AS b ON b.target = a.target AND b.flag = a.flag WHERE a.label = ''l1'' AND a.kind = 1 AND a.source = 7');
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END $$;
CREATE TABLE before_labelled AS SELECT n, query, plan_of(query) AS plan FROM labelled_queries;
CREATE INDEX labelled_adjacency ON labelled USING adjacency (source, target, label);
SELECT pt_prewarm('labelled') IS NOT NULL AS prewarmed;
SELECT count(*), count(*) FILTER (WHERE plan ~ 'labelled_(source|target|guess)') AS by_btree FROM before_labelled;
SELECT n, query FROM before_labelled WHERE plan <> plan_of(query);
-- what the btrees do not serve
SELECT q, plan_of('SELECT * FROM labelled WHERE ' || q) ~ 'labelled_adjacency' AS by_index FROM unnest(ARRAY['source = 7', 'label = ''l1'' AND kind IS NOT NULL AND source = 7',
	'pair = ALL (''{7,7}'') AND target = 49', 'label = ''l1'' AND kind <> 1 AND source = 7']) AS q;

-- A scan that names no end reads the table, where nothing else is as cheap.
INSERT INTO planned VALUES (NULL, NULL, 'lonely'), (NULL, 5, 'lonely');
CREATE FUNCTION costly(int) RETURNS boolean LANGUAGE plpgsql COST 1e10 AS 'BEGIN RETURN true; END';
EXPLAIN (COSTS OFF) SELECT count(*) FROM planned WHERE label = 'lonely' AND costly(source);
SELECT count(*) FROM planned WHERE label = 'lonely' AND costly(source);

-- What fails a walk fails no query: two nodes of one fingerprint behind an image's base,
-- or more memory for what is new than was expected.
CREATE TABLE alike (source text, target text);
SET parseltongue.debug_hash_bits = 8;
CREATE INDEX alike_adjacency ON alike USING adjacency (source, target);
RESET parseltongue.debug_hash_bits;
INSERT INTO alike VALUES ('a', 'a');
SELECT pt_prewarm('alike') IS NOT NULL AS prewarmed;
INSERT INTO alike SELECT 's' || i, 't' || i FROM generate_series(1, 300) AS i;
CREATE TABLE growing (source int, target int, label text);
CREATE INDEX growing_adjacency ON growing USING adjacency (source, target, label);
INSERT INTO growing VALUES (5, 6, 'x');
SELECT pt_prewarm('growing') IS NOT NULL AS prewarmed;
SET enable_seqscan = off;
SELECT * FROM alike WHERE source = 's5';
DO $$
DECLARE
	found int;
BEGIN
	FOR megabytes IN 1..3 LOOP
		PERFORM set_config('parseltongue.local_image_memory', (megabytes * 1061) || 'kB', true);
		FOR i IN 1..12 LOOP
			INSERT INTO growing SELECT n * 7919 + i * 13 + megabytes * 1000003, -n * 7919 - i * 13 - megabytes * 1000003, 'l' || n || '_' || i
				FROM generate_series(1, 1500) AS n;
			SELECT count(*) INTO found FROM growing WHERE source = 5;
			ASSERT found = 1;
		END LOOP;
	END LOOP;
END $$;
RESET enable_seqscan;
SELECT pt_bfs('alike', 's5');
DROP SCHEMA scans CASCADE;
