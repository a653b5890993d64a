--
-- Tables of the Citus extension: what this server has under their names is an
-- empty shell. Here they are made to look distributed by a catalog like Citus's.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
SELECT pt_create_codebase('pt_distributed');
SET search_path = pt_distributed, public;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;

SELECT pt_insert_entity('a', graph => 'pt_edge'), pt_insert_edge('a', 'b', graph => 'pt_edge');
-- a partition, and a shard with the rows of a distributed table
CREATE TABLE parts (from_key text, to_key text) PARTITION BY LIST (from_key);
CREATE TABLE part PARTITION OF parts DEFAULT;
CREATE INDEX part_graph ON part USING adjacency (from_key, to_key);
CREATE TABLE shell (from_key text, to_key text);
CREATE INDEX shell_graph ON shell USING adjacency (from_key, to_key);
CREATE TABLE shell_102008 (from_key text, to_key text);
CREATE INDEX shell_graph_102008 ON shell_102008 USING adjacency (from_key, to_key);
INSERT INTO shell_102008 VALUES ('a', 'b');

-- Every function that opens a graph. G: the table or its index.
CREATE TABLE walks (n serial, call text);
INSERT INTO walks (call) VALUES
	('pt_bfs(G, ''a''::text, missing_ok => true)'),
	('pt_multi_source_bfs(G, ''{a}''::text[], missing_ok => true)'),
	('pt_blast_radius(''a'', missing_ok => true, graph => G)'),
	('pt_blast_radius_summary(''a'', missing_ok => true, graph => G)'),
	('pt_blast_radius_count(''a'', missing_ok => true, graph => G)'),
	('pt_impact(''{a}'', missing_ok => true, graph => G)'),
	('pt_callers(''a'', missing_ok => true, graph => G)'),
	('pt_callees(''a'', missing_ok => true, graph => G)'),
	('pt_path(''a'', ''b'', missing_ok => true, graph => G)'),
	('pt_paths(''a'', ''b'', missing_ok => true, graph => G)'),
	('pt_subgraph(''a'', missing_ok => true, graph => G)'),
	('pt_tree(''a'', missing_ok => true, graph => G)'),
	('pt_graph_status(G)'),
	('pt_check_index(I)');
CREATE TABLE codebase_calls (n serial, call text);
INSERT INTO codebase_calls (call) VALUES
	('_parseltongue.pt_graph_tables(G)'),
	('pt_insert_entity(''c'', graph => G)'),
	('pt_insert_entities(''[{"key": "c"}]'', G)'),
	('pt_insert_edge(''a'', ''c'', graph => G)'),
	('pt_insert_edges(''[{"from_key": "a", "to_key": "c"}]'', G)'),
	('pt_delete_entity(''a'', graph => G)'),
	('pt_delete_entity(''a'', true, G)'),
	('pt_import(''[{"key": "c"}]'', graph => G)'),
	('_parseltongue.pt_import_staged(''[{"key": "c"}]'', NULL, NULL, NULL, G)'),
	('pt_export(G)'),
	('pt_resolve_references(G)'), ('pt_resolve_changed(G)'), ('pt_enable_updates(G)'), ('pt_left_out_summary(G)'),
	('pt_forget_resolutions(G)'),
	('pt_search(''a'', graph => G)'),
	('pt_enable_search(G)'),
	('pt_affected_tests(''{a}'', graph => G)'),
	('pt_unreferenced(graph => G)'),
	('pt_diff(G, G)'),
	('pt_diff_radius(G, G)'),
	('pt_statistics(G)');
CREATE FUNCTION ask(graph text, index text, asked regclass) RETURNS TABLE (state text, message text, calls bigint, which text) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT o.state, o.message, count(*), CASE WHEN o.state <> '0A000' THEN string_agg(call, ' ' ORDER BY n) END
		FROM %s, outcome('SELECT * FROM ' || replace(replace(call, 'G', quote_literal(%L) || '::regclass'), 'I', quote_literal(%L) || '::regclass')) AS o
		GROUP BY 1, 2 ORDER BY 1, 2$q$, asked, graph, index);
END $$;

-- This session has walked before Citus comes; when it comes only what it lists
-- is refused.
SELECT state, calls FROM ask('pt_edge', 'pt_edge_adjacency', 'walks');
SET allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass NOT NULL, partmethod "char" NOT NULL, partkey text, colocationid integer NOT NULL DEFAULT 0, repmodel "char" NOT NULL DEFAULT 'c', autoconverted boolean DEFAULT false);
CREATE UNIQUE INDEX pg_dist_partition_logical_relid_index ON pg_catalog.pg_dist_partition (logicalrelid);
RESET allow_system_table_mods;
SELECT state, calls FROM ask('pt_edge', 'pt_edge_adjacency', 'walks');

-- distributed by hash, a reference table, a local table that Citus manages, a partition
INSERT INTO pg_dist_partition (logicalrelid, partmethod, repmodel) VALUES ('shell', 'h', 's');
SELECT * FROM ask('shell', 'shell_graph', 'walks');
SELECT * FROM ask('shell_graph', 'shell_graph', 'walks');
SELECT detail, hint FROM outcome('SELECT pt_bfs(''shell'', ''a''::text)');
UPDATE pg_dist_partition SET partmethod = 'n', repmodel = 't';
SELECT state, calls FROM ask('shell', 'shell_graph', 'walks');
UPDATE pg_dist_partition SET partmethod = 'n', repmodel = 's';
SELECT state, calls FROM ask('shell', 'shell_graph', 'walks');
SELECT state, message FROM outcome('SELECT pt_bfs(''parts'', ''a''::text)');
INSERT INTO pg_dist_partition (logicalrelid, partmethod) VALUES ('parts', 'h'), ('part', 'h');
SELECT * FROM ask('part', 'part_graph', 'walks');
SELECT state, message FROM outcome('SELECT pt_bfs(''parts'', ''a''::text)');
-- a shard is a table like any other, and so is what Citus does not list
SELECT state, calls FROM ask('shell_102008', 'shell_graph_102008', 'walks');
SELECT node FROM pt_bfs('shell_102008', 'a'::text) ORDER BY node;

-- A codebase: its edges, its entities.
INSERT INTO pg_dist_partition (logicalrelid, partmethod) VALUES ('pt_edge', 'h');
SELECT * FROM ask('pt_edge', 'pt_edge_adjacency', 'codebase_calls');
SELECT * FROM ask('pt_edge_adjacency', 'pt_edge_adjacency', 'codebase_calls');
UPDATE pg_dist_partition SET logicalrelid = 'pt_entity' WHERE logicalrelid = 'pt_edge'::regclass;
SELECT * FROM ask('pt_edge', 'pt_edge_adjacency', 'codebase_calls');
-- walks ask for entities in SQL, which Citus answers
SELECT state, calls FROM ask('pt_edge', 'pt_edge_adjacency', 'walks');
DELETE FROM pg_dist_partition;
-- nothing was written
SELECT (SELECT array_agg(key) FROM pt_entity), (SELECT array_agg(from_key || to_key) FROM pt_edge);
SELECT _parseltongue.pt_refuse_distributed('pt_edge');

-- An older catalog without that index; a catalog of that name that is none; a
-- table of that name elsewhere; and Citus gone again.
INSERT INTO pg_dist_partition (logicalrelid, partmethod) VALUES ('shell', 'h');
SET allow_system_table_mods = on;
DROP INDEX pg_catalog.pg_dist_partition_logical_relid_index;
SELECT state FROM outcome('SELECT pt_bfs(''shell'', ''a''::text)');
ALTER TABLE pg_catalog.pg_dist_partition RENAME logicalrelid TO relation;
SELECT state FROM outcome('SELECT pt_bfs(''shell'', ''a''::text, missing_ok => true)');
ALTER TABLE pg_catalog.pg_dist_partition RENAME relation TO logicalrelid;
ALTER TABLE pg_catalog.pg_dist_partition SET SCHEMA pt_distributed;
SELECT state FROM outcome('SELECT pt_bfs(''shell'', ''a''::text, missing_ok => true)');
DROP TABLE pg_dist_partition;
RESET allow_system_table_mods;
SELECT state, calls FROM ask('shell', 'shell_graph', 'walks');

DROP TABLE parts, shell, shell_102008, walks, codebase_calls;
DROP FUNCTION ask, outcome;
SET search_path = public;
SELECT pt_drop_codebase('pt_distributed');
