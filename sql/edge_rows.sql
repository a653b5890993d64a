-- An entry of an index that leads to the row of another edge is corruption, and
-- reported by the functions that show edges, neither shown as an edge nor skipped.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA edge_rows;
SET search_path = edge_rows, public;
\set SHOW_CONTEXT never

-- While an index is marked as not ready, commands leave it out; so another row
-- takes the place of one that it has an entry for.
CREATE PROCEDURE set_ready(index regclass, ready boolean) LANGUAGE sql AS
	$$ UPDATE pg_index SET indisready = ready WHERE indexrelid = index $$;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE query INTO answer;
	RETURN answer;
EXCEPTION WHEN index_corrupted THEN
	GET STACKED DIAGNOSTICS answer = PG_EXCEPTION_DETAIL;
	RETURN answer;
END $$;
-- each question takes the edge 2 -> 3 of 1 -> 2 -> 3 -> 4
CREATE FUNCTION answers(graph text) RETURNS TABLE (f text, answer text) LANGUAGE sql AS $$
	SELECT f, outcome(format('SELECT string_agg(%s, '' '' ORDER BY n) FROM %s(%s, graph => %L) WITH ORDINALITY AS x (%s, n)', shown, f, arguments, graph, columns))
	FROM (VALUES
		('pt_callees', '''2''', 'a || b', 'a, b, c, d'),
		('pt_callers', '''3''', 'a || b', 'a, b, c, d'),
		('pt_path', '''1'', ''4''', 'a || b', 's, a, b, c, d'),
		('pt_paths', '''1'', ''4'', 3', 'a || b', 'p, s, a, b, c, d'),
		('pt_paths', '''4'', ''1'', 3, direction => ''both''', 'a || b', 'p, s, a, b, c, d'),
		('pt_subgraph', '''3'', 1', 'a || b', 'a, b, c, d, x, y, z'),
		('pt_tree', '''3''', 'regexp_replace(t, ''\D'', '''', ''g'')', 't')) AS v (f, arguments, shown, columns)
$$;
CREATE TABLE texts (a text, b text) WITH (autovacuum_enabled = off);
CREATE TABLE numbers (a bigint, b bigint) WITH (autovacuum_enabled = off);
CREATE INDEX texts_adjacency ON texts USING adjacency (a, b);
CREATE INDEX numbers_adjacency ON numbers USING adjacency (a, b);
INSERT INTO texts VALUES ('1', '2'), ('2', '3'), ('3', '4');
INSERT INTO numbers VALUES (1, 2), (2, 3), (3, 4);
VACUUM texts, numbers;
CREATE VIEW comparison AS
SELECT t.f, t.answer, n.answer IS NOT DISTINCT FROM t.answer AS same FROM answers('texts') WITH ORDINALITY AS t (f, answer, i) JOIN answers('numbers') WITH ORDINALITY AS n (f, answer, i) USING (i) ORDER BY i;
TABLE comparison;

-- another source; another target; both ends exchanged
SELECT command FROM (VALUES (1, 2, '9, 3'), (2, 9, '2, 9'), (3, 2, '3, 2')) AS v (step, old, new),
	LATERAL (SELECT n, format(c, graph, old, new) FROM unnest('{texts,numbers}'::text[]) AS graph,
			 unnest(ARRAY['DELETE FROM %1$s WHERE a = ''%2$s''', 'CALL set_ready(''%1$s_adjacency'', false)', 'VACUUM %1$s', 'INSERT INTO %1$s VALUES (%3$s)', 'CALL set_ready(''%1$s_adjacency'', true)'])
				WITH ORDINALITY AS u (c, n)
			 UNION ALL SELECT 6, 'TABLE comparison') AS c (n, command)
ORDER BY step, n, command \gexec
REINDEX TABLE texts;
SELECT f, answer FROM answers('texts');
DROP SCHEMA edge_rows CASCADE;
