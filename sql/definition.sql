--
-- Which definitions an adjacency index accepts, which it refuses and how, and
-- what commands on the table and on the index do to it.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_definition;
SET search_path = pt_definition, public;
SET max_parallel_workers_per_gather = 0;

-- Runs a command and shows how it ended.
CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	detail := nullif(detail, '');
	hint := nullif(hint, '');
END $$;

-- Whether the plan of a query names an index of the method adjacency.
CREATE FUNCTION uses_adjacency(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	whole text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF, VERBOSE) ' || query LOOP
		whole := whole || line || E'\n';
	END LOOP;
	RETURN EXISTS (SELECT FROM pg_class c JOIN pg_am m ON m.oid = c.relam
				   WHERE m.amname = 'adjacency' AND strpos(whole, c.relname) > 0);
END $$;

-- ---------------------------------------------------------------------------
-- Accepted: each type of node, with a walk over three edges.
-- ---------------------------------------------------------------------------

CREATE DOMAIN d_int2 AS smallint;
CREATE DOMAIN d_int4 AS integer CHECK (VALUE >= 0);
CREATE DOMAIN d_int8 AS bigint;
CREATE DOMAIN d_text AS text CHECK (VALUE <> '');
CREATE DOMAIN d_name AS varchar(40);
CREATE DOMAIN d_uuid AS uuid;
CREATE DOMAIN d_deep AS d_text;

-- Builds on data (1 -> 2) and inserts after (2 -> 3, 3 -> NULL, NULL -> 4).
CREATE FUNCTION try_type(node_type text, label_type text, OUT state text, OUT walk text)
LANGUAGE plpgsql AS $$
DECLARE
	base text := format_type(CASE WHEN t.typtype = 'd' THEN b.oid ELSE t.oid END, NULL)
		FROM pg_type t LEFT JOIN LATERAL (
			WITH RECURSIVE up AS (
				SELECT t.typbasetype AS oid
				UNION ALL
				SELECT n.typbasetype FROM up JOIN pg_type n ON n.oid = up.oid WHERE n.typtype = 'd')
			SELECT up.oid FROM up JOIN pg_type n ON n.oid = up.oid WHERE n.typtype <> 'd') b ON true
		WHERE t.oid = split_part(node_type, '(', 1)::regtype;
	node text[] := CASE WHEN base = 'uuid'
		THEN ARRAY(SELECT format('00000000-0000-0000-0000-00000000000%s', i) FROM generate_series(1, 4) i)
		ELSE ARRAY['1', '2', '3', '4'] END;
	label text := CASE WHEN label_type IS NULL THEN '' ELSE ', 7' END;
BEGIN
	IF base = 'character varying' THEN base := 'text'; END IF;
	EXECUTE format('CREATE TABLE edges (source %s, target %s%s)', node_type, node_type,
		', label ' || label_type);
	EXECUTE format('INSERT INTO edges VALUES (%L, %L%s)', node[1], node[2], label);
	EXECUTE format('CREATE INDEX edges_adjacency ON edges USING adjacency (source, target%s)',
		CASE WHEN label_type IS NOT NULL THEN ', label' END);
	EXECUTE format('INSERT INTO edges VALUES (%L, %L%s), (%L, NULL%s), (NULL, %L%s)',
		node[2], node[3], label, node[3], label, node[4], label);
	EXECUTE format('SELECT string_agg(right(node::text, 1) || ''@'' || distance, '' '' ORDER BY distance, node)
		FROM pt_bfs(''edges'', %L::%s%s)', node[1], base,
		CASE WHEN label_type IS NOT NULL THEN ', edge_types => ''{7}''' END) INTO walk;
	state := (SELECT min(o.state) FROM outcome('DROP TABLE edges') o);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, walk = MESSAGE_TEXT;
END $$;

SELECT n AS node_type, l AS label_type, t.*
FROM unnest(ARRAY['smallint', 'integer', 'bigint', 'text', 'varchar', 'varchar(50)', 'uuid',
	'd_int2', 'd_int4', 'd_int8', 'd_text', 'd_name', 'd_uuid', 'd_deep']) WITH ORDINALITY n(n, i),
	 unnest(ARRAY[NULL, 'text', 'varchar(9)', 'smallint', 'integer', 'd_text', 'd_int4']) WITH ORDINALITY l(l, j),
	 LATERAL try_type(n, l) t
WHERE l IS NULL OR n IN ('bigint', 'text', 'd_uuid')
ORDER BY i, j;

CREATE TABLE mixed (
	i2 smallint, i4 integer, i8 bigint, t text, v varchar, v9 varchar(9), u uuid, n numeric,
	c char(9), nm name, b boolean, o oid, ts timestamptz, j jsonb, ta text[], di d_int4, dt d_text, dn d_name);

-- text, varchar and domains over them have the same bytes, and integers the same values
SELECT d AS columns, o.*
FROM unnest(ARRAY['t, v', 'v, v9', 't, dt', 'dt, dn', 'i4, di', 'di, i4, dn', 't, t', 'i4, i4, i4', 'i4, i8', 'i8, i2']) WITH ORDINALITY d(d, i),
	 LATERAL outcome(format('CREATE INDEX m%s ON mixed USING adjacency (%s)', i, d)) o
ORDER BY i;
SELECT indexrelid::regclass AS index, indisvalid FROM pg_index
WHERE indrelid = 'mixed'::regclass ORDER BY indexrelid::regclass::text;
DROP TABLE mixed;

-- ---------------------------------------------------------------------------
-- Refused, each with its reason.
-- ---------------------------------------------------------------------------

CREATE TABLE refused (
	a integer, b integer, c integer, d integer, i2 smallint, i8 bigint,
	t text, t2 text, v varchar, u uuid, u2 uuid, n numeric, n2 numeric,
	bp char(9), bp2 char(9), nm name, nm2 name, o oid, o2 oid, bo boolean,
	ts timestamptz, j jsonb, ta text[], ta2 text[],
	g integer GENERATED ALWAYS AS (a + 1) STORED);
\x on
SELECT d AS definition, o.*
FROM unnest(ARRAY[
	'(a)',
	'(a, b, c, d)',
	'(a, b, c, n, n2)',
	'(t, t2, v, u, u2)',
	'(t, t2, v, a)',
	'(a, (b + 1))',
	'((a), lower(t))',
	'(lower(t), lower(t2))',
	'(a, b) WHERE c > 0',
	'(a, b, c) WHERE c IS NOT NULL',
	'(n, n2)',
	'(a, n)',
	'(a, a)',
	'(bo, bo)',
	'(ta, ta2)',
	'(j, j)',
	'(a, o)',
	'(i8, o)',
	'(a, t)',
	'(u, t)',
	'(u, u2, u)',
	'(a, b, bo)',
	'(a, b, ts)',
	'(a, b, n)',
	'(a, b, c, n)',
	'(a, b, c, n2, t)',
	'(a, b) INCLUDE (c, n)',
	'(a, b) INCLUDE (t)',
	'(a, b) INCLUDE (o)',
	'(a, b) INCLUDE (bo)',
	'(a, b DESC)',
	'(a, b NULLS FIRST)',
	'(a adjacency_int8_ops, b)',
	'(a int4_ops, b)',
	'(ctid, a)',
	'(a, b) WITH (fillfactor = 50)',
	'(a, b) WITH (nonsense = 1)']) WITH ORDINALITY d(d, i),
	 LATERAL outcome('CREATE INDEX refused_index ON refused USING adjacency ' || d) o
ORDER BY i;
SELECT 'UNIQUE' AS definition, o.* FROM outcome('CREATE UNIQUE INDEX refused_index ON refused USING adjacency (a, b)') o;
SELECT 'EXCLUDE' AS definition, o.* FROM outcome('ALTER TABLE refused ADD EXCLUDE USING adjacency (a WITH =, b WITH =)') o;
\x off
-- a stored generated column is a column like any other
SELECT * FROM outcome('CREATE INDEX refused_index ON refused USING adjacency (a, g)');
DROP INDEX refused_index;
SELECT count(*) AS left_behind FROM pg_index WHERE indrelid = 'refused'::regclass;
DROP TABLE refused;

-- Nondeterministic collations, on nodes and on labels. Equal texts would have
-- different bytes. Where the server has no ICU there is nothing to refuse.
CREATE FUNCTION try_collation(create_table text, create_index text, otherwise text, OUT state text, OUT hint boolean)
LANGUAGE plpgsql AS $$
DECLARE
	o record;
BEGIN
	BEGIN
		EXECUTE 'CREATE COLLATION loose (provider = icu, locale = ''und-u-ks-level2'', deterministic = false)';
	EXCEPTION WHEN OTHERS THEN
		state := otherwise;
		hint := otherwise <> 'ok';
		RETURN;
	END;
	EXECUTE create_table;
	o := outcome(create_index);
	state := o.state;
	hint := o.hint IS NOT NULL;
	DROP TABLE IF EXISTS loosely;
	DROP COLLATION IF EXISTS loose CASCADE;
END $$;
SELECT d.what, t.*
FROM (VALUES
	(1, 'columns', '(a text COLLATE loose, b text COLLATE loose)', '(a, b)'),
	(2, 'source', '(a text COLLATE loose, b text)', '(a, b)'),
	(3, 'target', '(a text, b varchar COLLATE loose)', '(a, b)'),
	(4, 'label', '(a integer, b integer, c text COLLATE loose)', '(a, b, c)'),
	(5, 'index', '(a text, b text)', '(a COLLATE loose, b)'),
	(6, 'column, not index', '(a text COLLATE loose, b text)', '(a COLLATE "C", b)'),
	(7, 'other column', '(a text, b text, c text COLLATE loose)', '(a, b)')) d(i, what, columns, index_columns),
	 LATERAL try_collation('CREATE TABLE loosely ' || d.columns,
						   'CREATE INDEX ON loosely USING adjacency ' || d.index_columns,
						   CASE WHEN i = 7 THEN 'ok' ELSE '0A000' END) t
ORDER BY i;

-- one that comes later, under an index that ALTER TABLE does not build anew
SELECT * FROM try_collation('CREATE TABLE loosely (a text, b text);
	CREATE INDEX ON loosely USING adjacency (a COLLATE "C", b COLLATE "C");
	ALTER TABLE loosely ALTER a TYPE text COLLATE loose, ALTER b TYPE text COLLATE loose',
	'SELECT count(*) FROM pt_bfs(''loosely'', ''a''::text, missing_ok => true)', '0A000');

-- citext coerces to text without a function, but compares otherwise
DO $$
BEGIN
	CREATE EXTENSION citext SCHEMA pt_definition;
	CREATE TABLE citexts (a citext, b citext);
	CREATE INDEX ON citexts USING adjacency (a, b);
	RAISE WARNING 'an adjacency index on citext was accepted';
EXCEPTION
	WHEN feature_not_supported OR undefined_file OR datatype_mismatch OR undefined_object THEN
		NULL;
END $$;

-- ---------------------------------------------------------------------------
-- The planner uses it for rows by an end, and for nothing else.
-- ---------------------------------------------------------------------------

CREATE TABLE planned (a integer, b integer, c text);
INSERT INTO planned SELECT i, i + 1, 'x' FROM generate_series(1, 2000) i;
CREATE INDEX planned_adjacency ON planned USING adjacency (a, b, c);
CREATE INDEX planned_adjacency_weighted ON planned USING adjacency (a, b, c) INCLUDE (b);
VACUUM ANALYZE planned;
CREATE FUNCTION all_plans() RETURNS TABLE (query text, uses_adjacency boolean) LANGUAGE sql AS $$
	SELECT q, pt_definition.uses_adjacency(q) FROM unnest(ARRAY[
		'SELECT * FROM planned WHERE a = 1',
		'SELECT * FROM planned WHERE a = 1 AND b = 2 AND c = ''x''',
		'SELECT a FROM planned WHERE a IN (1, 2, 3)',
		'SELECT a, b, c FROM planned',
		'SELECT count(*) FROM planned',
		'SELECT a FROM planned WHERE a IS NULL',
		'SELECT a FROM planned ORDER BY a, b',
		'SELECT min(a), max(b) FROM planned',
		'SELECT DISTINCT a FROM planned',
		'SELECT 1 FROM planned x JOIN planned y ON y.a = x.b WHERE x.a = 1',
		'SELECT 1 WHERE EXISTS (SELECT FROM planned)',
		'UPDATE planned SET b = 0 WHERE a = 1',
		'DELETE FROM planned WHERE a = 1 OR b = 1',
		'SELECT * FROM planned WHERE a > 1990 LIMIT 1']) WITH ORDINALITY q(q, i) ORDER BY i
$$;
SELECT * FROM all_plans();
SET enable_seqscan = off;
-- of a table that may not be read from its beginning 18 reads all pages by way of any index, if no column is asked for
SELECT count(*) AS plans, count(*) FILTER (WHERE uses_adjacency) AS by_index FROM all_plans() WHERE query !~ 'count|EXISTS';
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SET enable_bitmapscan = off;
SELECT count(*) AS plans, count(*) FILTER (WHERE uses_adjacency) AS by_index FROM all_plans();
RESET enable_indexscan;
RESET enable_indexonlyscan;
RESET enable_bitmapscan;
SELECT count(*), sum(a) FROM planned WHERE a BETWEEN 10 AND 19;
RESET enable_seqscan;
-- what it says of itself
SELECT a.prop, pg_index_has_property('planned_adjacency', a.prop) AS index,
	   pg_indexam_has_property((SELECT oid FROM pg_am WHERE amname = 'adjacency'), a.prop) AS method,
	   pg_index_column_has_property('planned_adjacency', 1, a.prop) AS "column"
FROM unnest(ARRAY['clusterable', 'index_scan', 'bitmap_scan', 'backward_scan', 'can_order', 'can_unique',
	'can_multi_col', 'can_exclude', 'can_include', 'orderable', 'returnable', 'search_array', 'search_nulls']) WITH ORDINALITY a(prop, i)
ORDER BY i;
SELECT * FROM outcome('CLUSTER planned USING planned_adjacency');
DROP TABLE planned;

-- ---------------------------------------------------------------------------
-- Commands on the table and on the index. walk() is a blast through a chain:
-- the node reached last and the number of nodes.
-- ---------------------------------------------------------------------------

CREATE FUNCTION walk(graph regclass, start integer DEFAULT 1) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s nodes, distance %s, differences %s', count(*), max(distance),
		(SELECT count(*) FROM pt_check_index((SELECT indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
			JOIN pg_am m ON m.oid = c.relam WHERE amname = 'adjacency' AND (indrelid = graph OR indexrelid = graph)))))
	FROM pt_bfs(graph, start, missing_ok => true) $$;

CREATE TABLE chain (id serial PRIMARY KEY, a integer, b integer, label text, filler text);
INSERT INTO chain (a, b, label) SELECT i, i + 1, 'n' || i % 3 FROM generate_series(1, 500) i;
CREATE INDEX chain_adjacency ON chain USING adjacency (a, b, label);
SELECT walk('chain');
REINDEX INDEX chain_adjacency;
SELECT walk('chain');
REINDEX TABLE chain;
SELECT walk('chain_adjacency');
CREATE INDEX CONCURRENTLY chain_two ON chain USING adjacency (a, b);
DROP INDEX chain_adjacency;
SELECT walk('chain');
REINDEX INDEX CONCURRENTLY chain_two;
SELECT walk('chain');
DROP INDEX CONCURRENTLY chain_two;
SELECT state, message FROM outcome('SELECT pt_bfs(''chain'', 1)');
CREATE INDEX chain_adjacency ON chain USING adjacency (a, b, label);
SELECT walk('chain');

-- rows move, the answer does not
UPDATE chain SET filler = repeat('x', 200) WHERE id % 2 = 0;
DELETE FROM chain WHERE id = 400;
VACUUM FULL chain;
SELECT walk('chain');
CLUSTER chain USING chain_pkey;
SELECT walk('chain');
ALTER TABLE chain ALTER COLUMN label TYPE varchar(20);
SELECT walk('chain');
ALTER TABLE chain ALTER COLUMN a TYPE bigint, ALTER COLUMN b TYPE bigint;
SELECT walk('chain');
SELECT node, distance FROM pt_bfs('chain', 398::bigint) ORDER BY distance;
SELECT o.* FROM outcome('ALTER TABLE chain ALTER COLUMN a TYPE text') o;
SELECT walk('chain');
ALTER TABLE chain ALTER COLUMN a TYPE text, ALTER COLUMN b TYPE text;
SELECT key, distance FROM pt_blast_radius('398', 5, 'out', graph => 'chain') ORDER BY 2;
ALTER TABLE chain ALTER COLUMN a TYPE integer USING a::integer + 1000, ALTER COLUMN b TYPE integer USING b::integer + 1000;
SELECT walk('chain'), walk('chain', 1001);
ALTER TABLE chain ADD COLUMN extra integer DEFAULT 5, DROP COLUMN filler;
SELECT walk('chain', 1001);
ALTER TABLE chain RENAME a TO s;
ALTER INDEX chain_adjacency RENAME TO chain_renamed;
SELECT walk('chain', 1001);
ALTER TABLE chain SET UNLOGGED;
SELECT walk('chain', 1001);
ALTER TABLE chain SET LOGGED;
SELECT walk('chain', 1001);
ALTER TABLE chain DROP COLUMN label;
SELECT state FROM outcome('SELECT pt_bfs(''chain'', 1001)');
DROP TABLE chain;

-- another tablespace, in place and back
CREATE TABLE spaced (a integer, b integer);
INSERT INTO spaced SELECT i, i + 1 FROM generate_series(1, 300) i;
CREATE INDEX spaced_adjacency ON spaced USING adjacency (a, b);
SELECT walk('spaced');
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE regress_pt_space LOCATION '';
ALTER INDEX spaced_adjacency SET TABLESPACE regress_pt_space;
SELECT walk('spaced');
INSERT INTO spaced SELECT i, i + 1 FROM generate_series(301, 400) i;
SELECT walk('spaced');
BEGIN;
INSERT INTO spaced VALUES (401, 402);
ALTER INDEX spaced_adjacency SET TABLESPACE pg_default;
INSERT INTO spaced VALUES (402, 403);
SELECT walk('spaced');
ROLLBACK;
SELECT walk('spaced');
BEGIN;
INSERT INTO spaced VALUES (401, 402);
ALTER INDEX spaced_adjacency SET TABLESPACE pg_default;
INSERT INTO spaced VALUES (402, 403);
COMMIT;
SELECT walk('spaced');
DROP TABLE spaced;
DROP TABLESPACE regress_pt_space;

-- TRUNCATE: of an older table, rolled back, and in the creating transaction
CREATE TABLE cut (a integer, b integer);
CREATE INDEX cut_adjacency ON cut USING adjacency (a, b);
INSERT INTO cut SELECT i, i + 1 FROM generate_series(1, 100) i;
SELECT walk('cut');
BEGIN;
TRUNCATE cut;
SELECT walk('cut');
INSERT INTO cut VALUES (1, 7), (7, 8);
SELECT walk('cut');
ROLLBACK;
SELECT walk('cut');
TRUNCATE cut;
SELECT walk('cut');
INSERT INTO cut VALUES (1, 2), (2, 3), (3, 1);
SELECT walk('cut');
BEGIN;
CREATE TABLE fresh (a integer, b integer);
CREATE INDEX fresh_adjacency ON fresh USING adjacency (a, b);
INSERT INTO fresh VALUES (1, 2), (2, 3);
SELECT walk('fresh');
TRUNCATE fresh;
SELECT walk('fresh');
INSERT INTO fresh VALUES (1, 5);
SELECT walk('fresh');
SAVEPOINT s;
TRUNCATE fresh;
INSERT INTO fresh VALUES (1, 6), (6, 7), (7, 8);
SELECT walk('fresh');
ROLLBACK TO s;
SELECT walk('fresh');
TRUNCATE fresh;
INSERT INTO fresh SELECT i, i + 1 FROM generate_series(1, 50) i;
SELECT walk('fresh');
COMMIT;
SELECT walk('fresh');
DROP TABLE cut, fresh;

-- temporary tables
CREATE TEMPORARY TABLE brief (a integer, b integer) ON COMMIT DELETE ROWS;
CREATE INDEX brief_adjacency ON brief USING adjacency (a, b);
BEGIN;
INSERT INTO brief SELECT i, i + 1 FROM generate_series(1, 600) i;
SELECT walk('brief');
COMMIT;
SELECT walk('brief');
BEGIN;
INSERT INTO brief VALUES (1, 9);
SELECT walk('brief');
COMMIT;
SELECT walk('brief');
CREATE TEMPORARY TABLE lasting (a text, b text, label integer);
CREATE INDEX lasting_adjacency ON lasting USING adjacency (a, b, label);
INSERT INTO lasting VALUES ('x', 'y', 1), ('y', 'z', 2);
SELECT * FROM pt_bfs('lasting', 'x'::text) ORDER BY distance;
SELECT * FROM pt_bfs('lasting', 'x'::text, edge_types => '{1}') ORDER BY distance;
DROP TABLE brief, lasting;

-- unlogged tables
CREATE UNLOGGED TABLE volatile (a uuid, b uuid);
CREATE INDEX volatile_adjacency ON volatile USING adjacency (a, b);
INSERT INTO volatile SELECT md5(i::text)::uuid, md5((i + 1)::text)::uuid FROM generate_series(1, 700) i;
SELECT count(*), max(distance) FROM pt_bfs('volatile', md5('1')::uuid);
DROP TABLE volatile;

-- a rolled-back CREATE INDEX leaves nothing, one in a transaction sees its rows
CREATE TABLE undone (a integer, b integer);
BEGIN;
INSERT INTO undone VALUES (1, 2);
CREATE INDEX undone_adjacency ON undone USING adjacency (a, b);
INSERT INTO undone VALUES (2, 3);
SELECT walk('undone');
ROLLBACK;
SELECT state FROM outcome('SELECT pt_bfs(''undone'', 1)');
CREATE INDEX undone_adjacency ON undone USING adjacency (a, b);
SELECT walk('undone');
INSERT INTO undone VALUES (1, 2);
SELECT walk('undone');
DROP TABLE undone;

-- a materialized view is stored like a table
CREATE TABLE base (a integer, b integer);
INSERT INTO base VALUES (1, 2), (2, 3);
CREATE MATERIALIZED VIEW stored AS SELECT a, b FROM base;
CREATE INDEX stored_adjacency ON stored USING adjacency (a, b);
SELECT walk('stored');
INSERT INTO base VALUES (3, 4);
SELECT walk('stored');
REFRESH MATERIALIZED VIEW stored;
SELECT walk('stored');
DROP TABLE base CASCADE;

-- an invalid index is no graph
CREATE TABLE invalid (a integer, b integer);
CREATE INDEX invalid_adjacency ON invalid USING adjacency (a, b);
INSERT INTO invalid VALUES (1, 2);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'invalid_adjacency'::regclass;
SELECT state, message, hint FROM outcome('SELECT pt_bfs(''invalid'', 1)');
SELECT state, message, hint FROM outcome('SELECT pt_bfs(''invalid_adjacency'', 1)');
REINDEX INDEX invalid_adjacency;
SELECT walk('invalid');
DROP TABLE invalid;

-- operator classes that the method cannot use: amvalidate says why, and what is stored as something else is refused
CREATE OPERATOR CLASS odd_type FOR TYPE jsonb USING adjacency AS STORAGE jsonb;
CREATE OPERATOR CLASS odd_storage FOR TYPE integer USING adjacency AS STORAGE text;
CREATE OPERATOR CLASS odd_operator FOR TYPE integer USING adjacency AS OPERATOR 1 <> (integer, integer);
CREATE OPERATOR CLASS odd_enum FOR TYPE anyenum USING adjacency AS STORAGE anyenum;
SELECT opcname, amvalidate(oid) FROM pg_opclass WHERE opcname LIKE 'odd%' ORDER BY 1;
CREATE TABLE odd (a integer, b integer);
SELECT state, message, hint FROM outcome('CREATE INDEX ON odd USING adjacency (a, b odd_storage)');
CREATE INDEX ON odd USING adjacency (a odd_operator, b);
INSERT INTO odd VALUES (1, 2), (2, 3);
SELECT walk('odd');
SELECT count(*) FROM odd WHERE a <> 1;
DROP TABLE odd;
DROP OPERATOR FAMILY odd_type USING adjacency;
DROP OPERATOR FAMILY odd_storage USING adjacency;
DROP OPERATOR FAMILY odd_operator USING adjacency;
DROP OPERATOR FAMILY odd_enum USING adjacency;

-- partitioned tables and parents: refused when asked, the leaves answer
CREATE TABLE parted (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (100) TO (200);
CREATE INDEX parted_adjacency ON parted USING adjacency (a, b);
INSERT INTO parted VALUES (1, 2), (2, 3), (3, 100), (100, 1);
SELECT state, message, hint FROM outcome('SELECT pt_bfs(''parted'', 1)');
SELECT state, message, hint FROM outcome('SELECT pt_bfs(''parted_adjacency'', 1)');
SELECT walk('parted_low');
CREATE TABLE parent (a integer, b integer);
CREATE TABLE child () INHERITS (parent);
CREATE INDEX parent_adjacency ON parent USING adjacency (a, b);
CREATE INDEX child_adjacency ON child USING adjacency (a, b);
INSERT INTO parent VALUES (1, 2);
INSERT INTO child VALUES (2, 3);
SELECT state, message, hint FROM outcome('SELECT pt_bfs(''parent'', 1)');
SELECT walk('child', 2);
DROP TABLE child;
SELECT walk('parent');
DROP TABLE parted, parent;

DROP SCHEMA pt_definition CASCADE;
