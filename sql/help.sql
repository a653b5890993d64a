-- pt_help: every function is described, and every example runs
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP EXTENSION IF EXISTS pg_trgm CASCADE;
BEGIN;
DELETE FROM pt_edge;
DELETE FROM pt_entity;
SELECT pt_insert_entities('[
    {"key": "c:fn:main:src/main.c:1-20", "entity_type": "function", "file_path": "src/main.c"},
    {"key": "c:fn:run:src/main.c:22-40", "entity_type": "function", "file_path": "src/main.c"},
    {"key": "c:fn:parse:src/parse.c:5-90", "entity_type": "function", "file_path": "src/parse.c"},
    {"key": "c:fn:unused:src/parse.c:92-99", "entity_type": "function", "file_path": "src/parse.c"},
    {"key": "c:fn:check_parse:test/parse.c:1-9", "entity_type": "function", "file_path": "test/parse.c", "entity_class": "TEST"}]');
SELECT pt_insert_edges('[
    {"from_key": "c:fn:main:src/main.c:1-20", "to_key": "c:fn:run:src/main.c:22-40"},
    {"from_key": "c:fn:run:src/main.c:22-40", "to_key": "c:fn:parse:src/parse.c:5-90"},
    {"from_key": "c:fn:check_parse:test/parse.c:1-9", "to_key": "c:fn:parse:src/parse.c:5-90"}]');

CREATE TABLE road (a text, b text, cost numeric);
INSERT INTO road VALUES ('home', 'bakery', 4), ('home', 'park', 1), ('park', 'bakery', 2), ('bakery', 'office', 3);
CREATE INDEX ON road USING adjacency (a, b) INCLUDE (cost);

-- all that users may call, each once
SELECT count(*) > 70 AS many, count(*) - count(DISTINCT function) AS twice, count(*) FILTER (WHERE answers IS NULL OR arguments IS NULL) AS without_answers,
	array_agg(function) FILTER (WHERE example IS NULL) AS without_example, array_agg(function) FILTER (WHERE strpos(example, function || '(') = 0) AS calls_another
FROM pt_help();
SELECT array_agg(function) AS of_no_function FROM _parseltongue.pt_examples() WHERE function NOT IN (SELECT function FROM pt_help());

-- each runs, one after the other, on the entities above
DO $$
DECLARE
	e record;
BEGIN
	FOR e IN SELECT * FROM pt_help() LOOP
		BEGIN
			EXECUTE e.example;
			RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
		EXCEPTION
			WHEN SQLSTATE 'ZZZZZ' THEN NULL;
			WHEN OTHERS THEN RAISE WARNING '%: %', e.example, SQLERRM;
		END;
	END LOOP;
END $$;

SELECT function, arguments, example FROM pt_help('context');
SELECT function FROM pt_help('blast RADIUS');
SELECT function FROM pt_help('  test  affected ');
-- in other words than the descriptions have
SELECT q, (SELECT string_agg(function, ' ' ORDER BY n) FROM pt_help(q) WITH ORDINALITY AS h (function, a, b, c, n) WHERE n <= 3)
FROM unnest('{circular dependencies,cycles,Who calls this,neighbors,cheapest route,dead code}'::text[]) AS q;
-- each of them leads to something
SELECT word, meant FROM _parseltongue.pt_help_words() WHERE meant <> '' AND NOT EXISTS (SELECT FROM pt_help(word));
SELECT count(*) FROM pt_help('there is no such thing');
SELECT count(*) = (SELECT count(*) FROM pt_help()) AS all FROM pt_help('');
SELECT count(*) FROM pt_help('%');
ROLLBACK;
