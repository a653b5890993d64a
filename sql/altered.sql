-- Tables that their owners have altered, or made by hand, and triggers in places
-- where they do not belong: an error that says so, never one of the kind XX000.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP EXTENSION IF EXISTS pg_trgm CASCADE;
SET search_path = public, pg_temp;
\set SHOW_CONTEXT never
SELECT pt_create_codebase('altered');
SET parseltongue.graph = 'altered.pt_edge';
SELECT pt_insert_entities('[{"key": "c:fn:main:main.c:1-20", "name": "main", "entity_type": "function", "language": "c", "file_path": "main.c", "line_start": 1, "line_end": 20},
	{"key": "c:fn:parse:parse.c:5-90", "name": "parse", "entity_type": "function", "language": "c", "file_path": "parse.c", "properties": {"fields": {"a": "b"}, "bases": ["x"], "scope": "s"}}]'::jsonb);
SELECT pt_insert_edges('[{"from_key": "c:fn:main:main.c:1-20", "to_key": "c:fn:parse:unresolved-reference:0-0"}, {"from_key": "c:fn:main:main.c:1-20", "to_key": "c:fn:parse:parse.c:5-90", "edge_type": "Uses"}]'::jsonb);
SELECT pt_watch('{c:fn:parse:parse.c:5-90}');
SELECT entities_written, edges_written FROM pt_replace_file('io.c', '{"entities": [{"key": "c:fn:read:io.c:1-9", "entity_type": "function"}], "edges": [{"from_key": "c:fn:read:io.c:1-9", "to_key": "c:fn:parse:unresolved-reference:0-0"}]}'::jsonb);

-- each alteration by itself, and after it each call by itself: what was no error, or one of these kinds
CREATE TEMP TABLE alteration (n serial, statement text);
INSERT INTO alteration (statement)
SELECT format(how, t, c) FROM (VALUES ('pt_edge', 'edge_type'), ('pt_edge', 'confidence'), ('pt_edge', 'reference_key'), ('pt_entity', 'properties'), ('pt_entity', 'line_start'), ('pt_entity', 'name'), ('pt_pending', 'files'), ('pt_pending', 'moved'),
		('pt_edge_touched', 'key'), ('pt_edge_touched', 'channel'), ('pt_edge_touched', 'hops'), ('pt_edge_touched', 'edge_types'), ('pt_edge_touched', 'min_confidence'), ('pt_edge_watch', 'key'), ('pt_edge_watch', 'hops')) AS k (t, c),
	(VALUES ('ALTER TABLE altered.%1$s DROP COLUMN %2$s CASCADE'), ('ALTER TABLE altered.%s RENAME COLUMN %s TO other'),
		('ALTER TABLE altered.%1$s DROP COLUMN %2$s CASCADE, ADD COLUMN %2$s name'), ('ALTER TABLE altered.%1$s DROP COLUMN %2$s CASCADE, ADD COLUMN %2$s json'),
		('ALTER TABLE altered.%1$s DROP COLUMN %2$s CASCADE, ADD COLUMN %2$s name[] DEFAULT ''{x}'''), ('ALTER TABLE altered.%1$s DROP COLUMN %2$s CASCADE, ADD COLUMN %2$s integer DEFAULT 7')) AS h (how);
INSERT INTO alteration (statement)
SELECT format('CREATE RULE r AS ON %s TO altered.%s DO INSTEAD %s', event, t, what) FROM unnest('{pt_entity,pt_edge,pt_pending,pt_edge_watch,pt_edge_touched}'::text[]) AS t, unnest('{INSERT,UPDATE,DELETE}'::text[]) AS event, unnest('{NOTHING,SELECT 1}'::text[]) AS what;
CREATE TEMP TABLE call (n serial, statement text);
INSERT INTO call (statement) VALUES ('SELECT * FROM pt_resolve_references()'), ('SELECT * FROM pt_resolve_changed()'), ('SELECT * FROM pt_blast_radius(''c:fn:parse:parse.c:5-90'')'), ('SELECT * FROM pt_blast_radius(''c:fn:nobody:parse.c:5-90'')'), ('SELECT pt_search(''Foo#parse'')'),
	('INSERT INTO altered.pt_edge (from_key, to_key) VALUES (''x'', ''c:fn:parse:parse.c:5-90''); SET CONSTRAINTS ALL IMMEDIATE'), ('DELETE FROM altered.pt_edge; SET CONSTRAINTS ALL IMMEDIATE'), ('TRUNCATE altered.pt_edge; SET CONSTRAINTS ALL IMMEDIATE'),
	('SELECT pt_insert_edge(''c:fn:read:io.c:1-9'', ''c:fn:parse:parse.c:5-90'')'), ('SELECT pt_unwatch()'), ('SELECT * FROM pt_replace_file(''io.c'', ''{"entities": [], "edges": []}''::jsonb)'), ('SELECT pt_delete_entity(''c:fn:parse:parse.c:5-90'', with_edges => true)'),
	('SELECT count(*) FROM pt_coupling()'), ('SELECT pt_export()');
CREATE TEMP TABLE finding (calls integer, internal_errors text[]);
SET client_min_messages = error;
DO $$
DECLARE
	a record;
	c record;
	found text[] := '{}';
	calls integer := 0;
BEGIN
	FOR a IN SELECT * FROM alteration ORDER BY n LOOP
		BEGIN
			EXECUTE a.statement;
			FOR c IN SELECT * FROM call ORDER BY n LOOP
				calls := calls + 1;
				BEGIN
					EXECUTE c.statement;
					RAISE EXCEPTION USING ERRCODE = 'UNDO0';
				EXCEPTION WHEN OTHERS THEN
					IF SQLSTATE LIKE 'XX%' THEN
						found := found || format('%s; %s: %s %s', a.statement, c.statement, SQLSTATE, SQLERRM);
					END IF;
				END;
			END LOOP;
			RAISE EXCEPTION USING ERRCODE = 'UNDO1';
		EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
			NULL;
		END;
	END LOOP;
	INSERT INTO finding VALUES (calls, found);
END $$;
TABLE finding;
SET client_min_messages = warning;

-- a trigger of watches on a table that is none
\set VERBOSITY default
CREATE TABLE altered.other (key integer, channel text);
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON altered.other FOR EACH ROW EXECUTE FUNCTION _parseltongue.pt_watch_commit();
INSERT INTO altered.other VALUES (1, 'c');
ALTER TABLE altered.other ALTER key TYPE text, ADD hops bigint, ADD edge_types text;
INSERT INTO altered.other VALUES ('k', 'c', 3, 'x');
DROP TABLE altered.other;
-- its own trigger is made anew
DROP TRIGGER pt_edge_watch_commit ON altered.pt_edge_touched;
SELECT enabled FROM pt_watches();
SELECT pt_watch('{c:fn:parse:parse.c:5-90}');
SELECT enabled FROM pt_watches();

-- a rule instead of guesses
CREATE RULE r AS ON INSERT TO altered.pt_edge DO INSTEAD NOTHING;
SELECT resolved FROM pt_resolve_references();
DROP RULE r ON altered.pt_edge;

-- edges without a type or an end
ALTER TABLE altered.pt_edge DROP CONSTRAINT pt_edge_pkey, ALTER edge_type DROP NOT NULL, ALTER from_key DROP NOT NULL, ALTER to_key DROP NOT NULL, ADD CONSTRAINT k UNIQUE (from_key, to_key, edge_type);
UPDATE altered.pt_edge SET edge_type = NULL;
INSERT INTO altered.pt_edge (from_key, to_key) VALUES (NULL, 'c:fn:parse:unresolved-reference:0-0'), ('c:fn:main:main.c:1-20', NULL), (NULL, NULL);
SELECT reference_edges, resolved, guesses_inserted FROM pt_resolve_references();
SELECT from_key, to_key, edge_type FROM altered.pt_edge WHERE reference_key IS NOT NULL ORDER BY from_key COLLATE "C";

-- entities without a key, where one file after the other changes: what is near is read
ALTER TABLE altered.pt_entity DROP CONSTRAINT pt_entity_pkey, ALTER key DROP NOT NULL, ADD CONSTRAINT u UNIQUE (key);
INSERT INTO altered.pt_entity (name, entity_type, language, file_path, properties)
SELECT name, entity_type, language, file_path, '{"qualified": true, "scope": "s", "returns": "parse", "fields": {"a": "read"}}'
FROM unnest('{read,parse,main,seek}'::text[]) AS name, unnest('{file,function,class}'::text[]) AS entity_type,
	unnest('{c,python,NULL}'::text[]) AS language, unnest('{io.c,io.py,NULL}'::text[]) AS file_path;
SELECT reference_edges > 0 AS read FROM pt_resolve_references();
SELECT language, r.reference_edges >= 0 AS read, c.reference_edges >= 0 AS changed
FROM (VALUES ('c', 'io.c'), ('python', 'io.py'), ('typescript', 'io.ts'), ('go', 'io.go'), ('rust', 'io.rs')) AS l (language, file),
	LATERAL pt_replace_file(file, jsonb_build_object('entities', jsonb_build_array(jsonb_build_object('key', language || ':fn:seek:' || file || ':1-9', 'entity_type', 'function', 'language', language),
			jsonb_build_object('key', language || ':class:Seeker:' || file || ':10-19', 'entity_type', 'class', 'language', language, 'properties', jsonb_build_object('qualified', true))),
		'edges', jsonb_build_array(jsonb_build_object('from_key', language || ':fn:seek:' || file || ':1-9', 'to_key', language || ':fn:s.read:unresolved-reference:0-0', 'edge_type', 'Calls'),
			jsonb_build_object('from_key', language || ':class:Seeker:' || file || ':10-19', 'to_key', language || ':class:parse:unresolved-reference:0-0', 'edge_type', 'Extends'),
			jsonb_build_object('from_key', language || ':fn:seek:' || file || ':1-9', 'to_key', language || ':fn:io:unresolved-import:0-0', 'edge_type', 'Uses')))) AS w,
	LATERAL (SELECT reference_edges FROM pt_resolve_changed() WHERE w.entities_written >= 0 OFFSET 0) AS c,
	LATERAL (SELECT reference_edges FROM pt_resolve_changed() WHERE c.reference_edges >= 0 OFFSET 0) AS r;

-- an index of another definition has the name
DROP INDEX altered.pt_entity_spelling;
CREATE INDEX pt_entity_spelling ON altered.pt_entity (name);
SELECT pt_enable_updates();
DROP INDEX altered.pt_entity_spelling;
CREATE INDEX pt_entity_search_name ON altered.pt_entity (left(lower(coalesce(name, pt_key_name(key))), 15) COLLATE "C");
SELECT pt_enable_search();
CREATE INDEX pt_edge_reference_name ON altered.pt_edge USING hash (_parseltongue.pt_reference_name(to_key)) WHERE edge_type = 'Calls';
SELECT pt_enable_possible_callers();
DROP INDEX altered.pt_edge_reference_name, altered.pt_entity_search_name;
-- ... and of the same, with an option of the owner's
CREATE INDEX pt_edge_reference_name ON altered.pt_edge USING hash (_parseltongue.pt_reference_name(to_key)) WITH (fillfactor = 60) WHERE reference_key IS NULL;
ALTER TABLE altered.pt_entity ALTER name TYPE varchar;
SELECT pt_enable_updates() UNION ALL SELECT pt_enable_search() UNION ALL SELECT pt_enable_updates() UNION ALL SELECT pt_enable_search();
-- ... made anew: the same as it is called by each of them
SELECT _parseltongue.pt_make_index('pt_entity_spelling', 'altered.pt_entity', 'btree (_parseltongue.pt_key_bucket(key))') = 'altered.pt_entity_spelling'::regclass AS is_it;
SELECT _parseltongue.pt_make_index('pt_entity_spelling', 'altered.pt_entity', 'btree (_parseltongue.pt_key_bucket(key), name)');
SELECT _parseltongue.pt_make_index('pt_edge', 'altered.pt_entity', 'btree (key)');
SELECT pt_unwatch();
SELECT pt_drop_codebase('altered');
DROP EXTENSION pg_trgm CASCADE;
DROP TABLE alteration, call, finding;
