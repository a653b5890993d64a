--
-- Codebases whose tables lack columns: each function says which table lacks
-- which, or does not need it.
--
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_columns;
SET search_path = pt_columns, public;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END $$;

CREATE TABLE calls (n serial, call text);
INSERT INTO calls (call) VALUES
	('pt_insert_entity(''c'', graph => G)'),
	('pt_insert_entities(''[{"key": "c"}]'', G)'),
	('pt_insert_edge(''a'', ''c'', graph => G)'),
	('pt_insert_edges(''[{"from_key": "a", "to_key": "c"}]'', G)'),
	('pt_delete_entity(''c'', graph => G)'),
	('pt_delete_entity(''c'', true, G)'),
	('pt_import(''[{"key": "c"}, {"from_key": "a", "to_key": "c"}]'', graph => G)'),
	('pt_export(G)'),
	('pt_resolve_references(G)'),
	('pt_resolve_changed(G)'),
	('pt_enable_updates(G)'),
	('pt_forget_resolutions(G)'),
	('pt_search(''a_name'', graph => G)'),
	('pt_enable_search(G)'),
	('pt_affected_tests(''{rust:fn:a:x.rs:1-2}'', graph => G)'),
	('pt_unreferenced(graph => G)'),
	('pt_unreferenced(mode => ''unreachable'', graph => G)'),
	('pt_unreferenced(entry_points => ''{rust:fn:a:x.rs:1-2}'', graph => G)'),
	('pt_diff(G, P)'),
	('pt_diff(P, G)'),
	('pt_diff_radius(G, P)'),
	('pt_statistics(G)'),
	('pt_blast_radius(''rust:fn:a:x.rs:1-2'', graph => G)'),
	('pt_callers(''rust:fn:a:x.rs:1-2'', graph => G)'),
	('pt_callers(''rust:fn:'', graph => G)'),
	('pt_graph_status(G)');

-- Each column in turn is dropped. What an error may say: that the table lacks
-- it; and, of a column of the index or the key, that there is no index, or no
-- codebase, any more. A hint never fails.
CREATE FUNCTION without(tab text, col text) RETURNS TABLE (call text, state text, message text, detail text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pt_create_codebase('pt_less');
	INSERT INTO pt_less.pt_entity (key, name) VALUES ('rust:fn:a:x.rs:1-2', 'a_name'), ('rust:fn:b:x.rs:3-4', NULL);
	INSERT INTO pt_less.pt_edge (from_key, to_key) VALUES ('rust:fn:a:x.rs:1-2', 'rust:fn:b:x.rs:3-4'), ('rust:fn:a:x.rs:1-2', 'rust:fn:b:unknown:0-0');
	EXECUTE format('ALTER TABLE pt_less.%I DROP COLUMN %I', tab, col);
	RETURN QUERY SELECT c.call, o.* FROM calls AS c,
		outcome(replace(replace('SELECT count(*) FROM ' || c.call, 'G', '''pt_less.pt_edge'''), 'P', '''public.pt_edge''')) AS o ORDER BY n;
	EXECUTE format('ALTER TABLE pt_less.%I ADD COLUMN %I text', tab, col);
	PERFORM pt_drop_codebase('pt_less');
END $$;

CREATE TABLE ends AS
	SELECT relname::text AS tab, attname::text AS col, w.*
	FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, without(relname, attname) AS w
	WHERE pg_class.oid IN ('public.pt_entity'::regclass, 'public.pt_edge'::regclass) AND attnum > 0 AND NOT attisdropped;
SELECT tab, col, call, state, message FROM ends
WHERE state <> 'ok'
	AND message NOT IN (format('table "pt_less.%s" lacks the column "%s"', tab, col), format('table "pt_less.%s" lacks the columns "%s"', tab, col))
	AND NOT (state = '42809' AND tab = 'pt_entity' AND col = 'key')
	AND message <> 'key "rust:fn:" does not exist in graph "pt_edge"'
	AND NOT (state = '42703' AND tab = 'pt_edge' AND col IN ('from_key', 'to_key') AND message = 'relation "pt_edge" has no columns known to be the ends of edges')
ORDER BY 1, 2, 3;
-- who needs what
SELECT call, tab, count(*) FILTER (WHERE state = 'ok') AS ok, string_agg(col, ' ' ORDER BY col) FILTER (WHERE state = '42703') AS lacks,
	   string_agg(col, ' ' ORDER BY col) FILTER (WHERE state NOT IN ('ok', '42703')) AS other
FROM ends JOIN calls USING (call) GROUP BY n, call, tab ORDER BY n, tab;
-- all that is missing is told at once, with what to do about it; which does it
SELECT pt_create_codebase('pt_less');
ALTER TABLE pt_less.pt_edge DROP COLUMN method, DROP COLUMN confidence;
SELECT * FROM outcome('SELECT pt_statistics(''pt_less.pt_edge'')');
DO $$ BEGIN EXECUTE rtrim((outcome('SELECT pt_statistics(''pt_less.pt_edge'')')).hint, '.'); END $$;
SELECT state FROM outcome('SELECT pt_statistics(''pt_less.pt_edge'')');
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'pt_less.pt_edge'::regclass AND attname IN ('method', 'confidence') ORDER BY 1;
SELECT _parseltongue.pt_require_columns('pt_less.pt_edge', '{from_key,"no such",x}');
SELECT _parseltongue.pt_require_columns('pt_less.pt_edge', '{}'), _parseltongue.pt_require_columns('pt_less.pt_edge', NULL);
SELECT pt_drop_codebase('pt_less');
DROP SCHEMA pt_columns CASCADE;
