--
-- Nodes of type char(n), name and oid, labels of enums: identity as SQL has it,
-- and other types are refused with a list of those that are not.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_types;
SET search_path = pt_types, public;

-- Each graph against a recursive query over the table's own equality: from every
-- node, both ways, a row for each difference.
CREATE FUNCTION differences(graph regclass, type text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	start text;
	way text;
BEGIN
	FOR start IN EXECUTE format('SELECT a::text FROM %1$s WHERE a IS NOT NULL UNION SELECT b::text FROM %1$s WHERE b IS NOT NULL', graph) LOOP
		FOREACH way IN ARRAY '{out,in}'::text[] LOOP
			RETURN QUERY EXECUTE format($q$
				WITH RECURSIVE r (n) AS (SELECT $1::%2$s UNION SELECT e.%3$s FROM %1$s e JOIN r ON e.%4$s = r.n WHERE e.%3$s IS NOT NULL),
				 w AS (SELECT node::text FROM pt_bfs(%1$L, $1, direction => $2, missing_ok => true))
				(SELECT $1 || ' ' || $2 || ' not walked: ' || x FROM (SELECT n::text FROM r EXCEPT ALL SELECT node FROM w) AS x (x))
				UNION ALL
				(SELECT $1 || ' ' || $2 || ' not there: ' || x FROM (SELECT node FROM w EXCEPT ALL SELECT n::text FROM r) AS x (x))$q$,
				graph, type, CASE way WHEN 'out' THEN 'b' ELSE 'a' END, CASE way WHEN 'out' THEN 'a' ELSE 'b' END) USING start, way;
		END LOOP;
	END LOOP;
END $$;

-- ---------------------------------------------------------------------------
-- Nodes. The first rows are there when the index is built, the others come later.
-- ---------------------------------------------------------------------------
CREATE TABLE c (a char(5), b char(5), k char(6));
INSERT INTO c VALUES ('ab', 'c d', 'Calls'), ('c d', ' e', 'Uses');
CREATE INDEX ON c USING adjacency (a, b, k);
INSERT INTO c VALUES (' e', 'ab   ', 'Calls'), ('äöü', 'ab', NULL), ('', 'ab', 'Calls'), ('ab', '', 'Uses'), (NULL, 'x', 'Calls'), ('abcde', 'ab', 'Calls');
SELECT * FROM differences('c', 'char(5)');
SELECT node, distance, parent FROM pt_bfs('c', 'ab   ') ORDER BY distance, node COLLATE "C";
SELECT node FROM pt_bfs('c', 'ab'::char(5), 0) UNION ALL SELECT node FROM pt_bfs('c', 'ab '::text, 0) UNION ALL SELECT node FROM pt_bfs('c', 'nobody  ', missing_ok => true);
SELECT * FROM pt_callers('ab ', graph => 'c') ORDER BY from_key COLLATE "C";
SELECT key FROM pt_blast_radius('ab', direction => 'out', edge_types => '{Calls}', graph => 'c');
SELECT key, nearest_key FROM pt_impact('{"c d  ",abcde}', 1, graph => 'c');
SELECT * FROM pt_check_index('c_a_b_k_idx');
UPDATE c SET a = 'zz   ' WHERE a = 'abcde';
SELECT * FROM differences('c', 'char(5)');
-- a domain over it, and char(n) beside text
CREATE DOMAIN code AS char(4) CHECK (VALUE <> 'bad');
CREATE TABLE cd (a code, b text);
CREATE INDEX ON cd USING adjacency (a, b);
INSERT INTO cd VALUES ('x', 'y'), ('y', 'x'), ('y', 'y ');
SELECT node FROM pt_bfs('cd', 'x') ORDER BY 1;
SELECT * FROM pt_check_index('cd_a_b_idx');

CREATE TABLE n (a name, b name, k name);
INSERT INTO n VALUES ('pg_class', 'pg_type', 'Calls'), ('pg_type', repeat('x', 63), 'Uses');
CREATE INDEX ON n USING adjacency (a, b, k);
INSERT INTO n VALUES (repeat('x', 63), '', 'Calls'), ('', 'pg_class', NULL), ('ä', 'pg_class', 'Calls');
SELECT * FROM differences('n', 'name COLLATE "C"');
SELECT key FROM pt_blast_radius('pg_type'::name, graph => 'n') ORDER BY 1;
SELECT key FROM pt_blast_radius('pg_type', edge_types => '{Calls}', graph => 'n') ORDER BY 1;
SELECT from_key, to_key, edge_type FROM pt_callees('pg_class', graph => 'n');
SELECT * FROM pt_check_index('n_a_b_k_idx');

CREATE TABLE o (a oid, b oid);
INSERT INTO o VALUES (1, 4294967295), (4294967295, 2147483648);
CREATE INDEX ON o USING adjacency (a, b);
INSERT INTO o VALUES (2147483648, 0), (0, 1), (NULL, 1), (7, 7);
SELECT * FROM differences('o', 'oid');
SELECT node, parent FROM pt_bfs('o', 4294967295) ORDER BY distance;
SELECT key FROM pt_blast_radius(4294967295::oid, graph => 'o') ORDER BY 1;
SELECT * FROM pt_path('1', '0', graph => 'o');
SELECT node FROM pt_bfs('o', -1, missing_ok => true);
SELECT * FROM pt_check_index('o_a_b_idx');
SELECT node FROM pt_bfs('o', '00000000-0000-0000-0000-000000000000'::uuid);

-- ---------------------------------------------------------------------------
-- Labels of enums: by OID, so that a value keeps its edges when it is renamed.
-- ---------------------------------------------------------------------------
CREATE TYPE kind AS ENUM ('Calls', 'Uses', 'Calls (resolved)', 'Extends');
CREATE DOMAIN strict_kind AS kind NOT NULL;
CREATE TABLE e (a bigint, b bigint, k kind, c numeric(3,2));
INSERT INTO e VALUES (1, 2, 'Calls'), (2, 3, 'Uses'), (1, 4, NULL);
CREATE INDEX ON e USING adjacency (a, b, k, c);
INSERT INTO e VALUES (3, 4, 'Calls', NULL), (4, 5, 'Calls (resolved)', 0.9), (5, 6, 'Calls (resolved)', NULL), (4, 7, 'Extends', 1);
SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('e', 1);
SELECT t, (SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('e', 1, edge_types => t)) AS walked,
	(SELECT string_agg(n::text, ' ' ORDER BY n) FROM (
		WITH RECURSIVE r (n) AS (SELECT 1::bigint UNION SELECT e.b FROM e JOIN r ON e.a = r.n
			WHERE e.k::text = ANY (t) OR e.c < 1 AND e.k::text = ANY (SELECT u || ' (resolved)' FROM unnest(t) u))
		SELECT n FROM r) AS r) AS right
FROM (VALUES ('{Calls}'::text[]), ('{Uses}'), ('{Calls,Uses}'), ('{Calls (resolved),Calls,Uses}'), ('{}')) AS v (t);
SELECT from_key, to_key, edge_type, confidence FROM pt_callees(4, graph => 'e') ORDER BY to_key;
SELECT pt_bfs('e', 1, edge_types => '{Calls,Nothing}');
ALTER TYPE kind RENAME VALUE 'Uses' TO 'Needs';
SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('e', 1, edge_types => '{Calls,Needs}');
SELECT edge_type FROM pt_callees(2, graph => 'e');
ALTER TYPE kind ADD VALUE 'First' BEFORE 'Calls';
INSERT INTO e VALUES (7, 8, 'First');
SELECT node FROM pt_bfs('e', 7, edge_types => '{First}') ORDER BY 1;
SELECT * FROM pt_check_index('e_a_b_k_c_idx');
CREATE TABLE ed (a int, b int, k strict_kind);
CREATE INDEX ON ed USING adjacency (a, b, k);
INSERT INTO ed VALUES (1, 2, 'Calls'), (1, 3, 'Needs');
SELECT node FROM pt_bfs('ed', 1, edge_types => '{Needs}') ORDER BY 1;

-- other integers as labels
CREATE TABLE wide (a int, b int, k bigint);
CREATE INDEX ON wide USING adjacency (a, b, k);
INSERT INTO wide VALUES (1, 2, 5000000000), (1, 3, -1), (1, 4, 705032704), (1, 5, NULL);
SELECT t, (SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('wide', 1, edge_types => t)) AS walked FROM (VALUES ('{5000000000}'::text[]), ('{-1,705032704}'), ('{0}'), (NULL)) AS v (t);
SELECT to_key, edge_type FROM pt_callees(1, graph => 'wide') ORDER BY 1;
SELECT * FROM pt_check_index('wide_a_b_k_idx');

-- ---------------------------------------------------------------------------
-- What is not supported, and what states a relation may be in.
-- ---------------------------------------------------------------------------
CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	-- from 17 on CREATE INDEX has a search_path of its own
	message := replace(message, 'pt_types.', '');
END $$;
CREATE TABLE odd (i int, j int, r real, d date, x int[], y kind, z "char", g regclass, p point, t text, u jsonb);
SELECT c AS columns, o.* FROM unnest('{"i, i","i, j, i, r","r, r","d, d","x, x","y, y","g, g","p, p","u, u","i, t","i, j, r","i, j, d","i, j, z","i, j, u","i, j, x","i, j, p","i, j, i"}'::text[]) WITH ORDINALITY AS v (c, n),
	outcome(format('CREATE INDEX odd_index ON odd USING adjacency (%s)', c)) AS o ORDER BY n;
-- a build that failed leaves an index that is not valid
CREATE TABLE broken (a int, b int, k int, c numeric(3,2));
INSERT INTO broken VALUES (1, 2, 1, 7);
CREATE INDEX CONCURRENTLY broken_index ON broken USING adjacency (a, b, k, c);
SELECT q, o.* FROM unnest(ARRAY['SELECT pt_bfs(''broken'', 1)', 'SELECT pt_bfs(''broken_index'', 1)', 'SELECT pt_bfs(''odd'', 1, missing_ok => true)']) WITH ORDINALITY AS v (q, n), outcome(q) AS o WHERE n < 3 ORDER BY n;
UPDATE broken SET c = 0.7;
REINDEX INDEX broken_index;
SELECT node FROM pt_bfs('broken', 1) ORDER BY 1;
-- rows that refer to each other in a circle
CREATE TABLE circle (id int PRIMARY KEY, next int REFERENCES circle DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX circle_index ON circle USING adjacency (id, next);
INSERT INTO circle VALUES (1, 2), (2, 3), (3, 1), (4, 4);
SELECT string_agg(node || '@' || distance, ' ' ORDER BY distance) FROM pt_bfs('circle', 2);
SELECT node FROM pt_bfs('circle', 4);
UPDATE circle SET next = NULL WHERE id = 3;
SELECT string_agg(node || '@' || distance, ' ' ORDER BY distance) FROM pt_bfs('circle', 1);
SELECT * FROM pt_check_index('circle_index');
-- a start that is known by a row with one end only, in every type
CREATE TYPE pair AS (x int, y int);
CREATE FUNCTION lone(type text, value text, OUT source text, OUT at_source text, OUT at_target text, OUT unknown text) LANGUAGE plpgsql AS $$
DECLARE
	other text := (SELECT o FROM unnest('{8,other,00000000-0000-0000-0000-000000000008,Needs,2026-01-02,"(3,4)"}'::text[]) AS o, outcome(format('SELECT %L::%s', o, type)) WHERE state = 'ok' LIMIT 1);
BEGIN
	EXECUTE format('CREATE TABLE lone (source %s, target %1$s)', type);
	EXECUTE format('CREATE VIEW lone_view AS SELECT * FROM lone');
	IF (SELECT state FROM outcome('CREATE INDEX ON lone USING adjacency (source, target)')) = 'ok' THEN
		source := 'image and query';
	ELSE
		source := 'query';
	END IF;
	EXECUTE format('INSERT INTO lone VALUES (%L, NULL)', value);
	at_source := (SELECT string_agg(format('%s %s', state, message), '; ') FROM unnest('{lone,lone_view}'::text[]) AS r, outcome(format('SELECT node FROM pt_bfs(%L, %L::text)', r, value)));
	TRUNCATE lone;
	EXECUTE format('INSERT INTO lone VALUES (NULL, %L)', value);
	at_target := (SELECT string_agg(format('%s %s', state, message), '; ') FROM unnest('{lone,lone_view}'::text[]) AS r, outcome(format('SELECT node FROM pt_bfs(%L, %L::text)', r, value)));
	unknown := (SELECT string_agg(state, '; ') FROM unnest('{lone,lone_view}'::text[]) AS r, outcome(format('SELECT node FROM pt_bfs(%L, %L::text)', r, other)));
	DROP TABLE lone CASCADE;
END $$;
SET client_min_messages = error;
SELECT n.type, l.* FROM (VALUES ('int2', '7'), ('int4', '7'), ('int8', '7'), ('oid', '3000000000'), ('text', 'lone'), ('varchar(9)', 'lone'), ('char(9)', 'lone'),
	('name', 'lone'), ('uuid', '00000000-0000-0000-0000-000000000007'), ('kind', 'Calls'), ('date', '2026-01-01'), ('numeric', '7.50'), ('pair', '(1,2)'), ('text COLLATE "C"', '')) AS n (type, lone), lone(type, lone) AS l;
RESET client_min_messages;

SET client_min_messages = error;
DROP SCHEMA pt_types CASCADE;
