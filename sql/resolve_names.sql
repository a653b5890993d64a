--
-- pt_resolve_references: names that everybody has, overloads by their arguments,
-- types in other files, the order of bases; and that the order of rows decides nothing.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve_names;
SET search_path = pt_resolve_names, public;
LOAD 'parseltongue';
SELECT pt_create_codebase('pt_names');
SET parseltongue.graph = 'pt_names.pt_edge';

-- Of each language a function of its library, called by its name alone, and a member, each beside one that nobody else has.
-- The only function of such a name, in another folder, is meant by the own name, not by the one that everybody has.
CREATE TABLE word (language text, ending text, common text, own text, member text, own_member text);
INSERT INTO word VALUES
	('c', 'c', 'close', 'close_session', NULL, NULL),
	('cpp', 'cc', 'move', 'move_piece', 'push_back', 'push_piece'),
	('objective-c', 'm', 'memcpy', 'copy_piece', NULL, NULL),
	('rust', 'rs', 'drop', 'drop_piece', 'unwrap', 'unwrap_piece'),
	('go', 'go', 'append', 'appendPiece', 'Close', 'ClosePiece'),
	('java', 'java', 'toString', 'toPiece', 'containsKey', 'containsPiece'),
	('kotlin', 'kt', 'listOf', 'piecesOf', 'getOrNull', 'pieceOrNull'),
	('scala', 'scala', 'println', 'printPiece', 'mkString', 'mkPiece'),
	('csharp', 'cs', 'ToString', 'ToPiece', 'FirstOrDefault', 'FirstPiece'),
	('ruby', 'rb', 'puts', 'puts_piece', 'each_with_index', 'each_piece'),
	('php', 'php', 'implode', 'implode_piece', 'getMessage', 'getPiece'),
	('swift', 'swift', 'print', 'printPiece', 'append', 'appendPiece'),
	('python', 'py', NULL, NULL, 'append', 'append_piece'),
	('javascript', 'js', NULL, NULL, 'push', 'pushPiece'),
	('typescript', 'ts', NULL, NULL, 'forEach', 'forEachPiece');
CREATE VIEW names AS SELECT language, ending, n.* FROM word, LATERAL (VALUES (common, '', 'common'), (own, '', 'own'), (member, 'x.', 'common member'), (own_member, 'x.', 'own member')) n (name, before, kind) WHERE name IS NOT NULL;
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path)
	SELECT DISTINCT format('%s:fn:%s:lib/%s.%s:1-2', language, name, name, ending), name, 'function', language, format('lib/%s.%s', name, ending) FROM names;
INSERT INTO pt_names.pt_edge (from_key, to_key) SELECT format('%s:fn:main:app/main.%s:1-9', language, ending), format('%s:fn:%s%s:unresolved-reference:0-0', language, before, name) FROM names;
SELECT resolved, ambiguous, unresolved FROM pt_resolve_references();
CREATE VIEW trust AS SELECT n.language, n.kind, e.confidence, e.method FROM names n LEFT JOIN pt_names.pt_edge e ON e.reference_key = format('%s:fn:%s%s:unresolved-reference:0-0', n.language, n.before, n.name);
SELECT language, max(confidence) FILTER (WHERE kind = 'common') AS common, max(confidence) FILTER (WHERE kind = 'own') AS own,
	max(confidence) FILTER (WHERE kind = 'common member') AS common_member, max(confidence) FILTER (WHERE kind = 'own member') AS own_member FROM trust GROUP BY language ORDER BY language COLLATE "C";
-- where the file itself, or what it imports, speaks for it, it is trusted as any other
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path) VALUES ('c:fn:read:app/main.c:20-21', 'read', 'function', 'c', 'app/main.c'), ('c:fn:write:lib/stream.c:1-2', 'write', 'function', 'c', 'lib/stream.c');
INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type) SELECT 'c:fn:main:app/main.c:1-9', key, type FROM (VALUES ('c:fn:read:unresolved-reference:0-0', 'Calls'), ('c:fn:write:unresolved-reference:0-0', 'Calls'), ('c:module:lib/stream.h:0-0', 'Uses')) v (key, type);
SELECT count(*) FROM pt_resolve_references();
SELECT pt_key_name(to_key) AS name, confidence, method FROM pt_names.pt_edge WHERE reference_key ~ ':(read|write):' ORDER BY 1;
TRUNCATE pt_names.pt_entity, pt_names.pt_edge;

-- Entities are "FILE SCOPE.NAME TYPE [ARITY]", keys the same with blanks between; bases "FILE TYPE BASE [LINE]".
CREATE PROCEDURE given(language text, entities text, bases text DEFAULT NULL) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path, line_start, properties)
		SELECT format('%s:%s:%s:%s:%s-%s', language, w[3], w[2], w[1], n, n), regexp_replace(w[2], '^.*\.', ''), w[3], language, w[1], n,
			jsonb_strip_nulls(jsonb_build_object('scope', substring(w[2] FROM '^(.*)\.[^.]*$'), 'arity', w[4]))
		FROM regexp_split_to_table(btrim(entities, E'\n\t '), E'\\s*\n\\s*') WITH ORDINALITY AS e (line, n), regexp_split_to_array(line, ' ') AS w;
	INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path, properties)
		SELECT DISTINCT format('%s:file:%s:1-1', e.language, file_path), file_path, 'file', e.language, file_path, '{"qualified": true}'::jsonb FROM pt_names.pt_entity e ON CONFLICT DO NOTHING;
	INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type, source_location)
		SELECT e.key, format('%s:type:%s:unresolved-reference:0-0', given.language, w[3]), 'Extends', w[1] || ':' || w[4]
		FROM regexp_split_to_table(btrim(bases, E'\n\t '), E'\\s*\n\\s*') AS line, regexp_split_to_array(line, ' ') AS w
		JOIN pt_names.pt_entity e ON e.file_path = w[1] AND e.name = w[2] AND e.entity_type = 'class' ORDER BY w[3] COLLATE "C" DESC;
END $$;
-- "FILE SCOPE.NAME" is the source; what it calls, and what that means, with its line and method, and nothing where nothing is trusted
CREATE TABLE meant (number serial, source text, name text, target text);
CREATE PROCEDURE means(language text, source text, refs text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO meant (source, name, target) SELECT (SELECT key FROM pt_names.pt_entity e WHERE file_path = split_part(source, ' ', 1) AND key LIKE format('%%:%s:%%', split_part(source, ' ', 2)) ORDER BY line_start LIMIT 1),
		format('%s:fn:%s:unresolved-reference:0-0', language, split_part(r, ' > ', 1)), nullif(split_part(r, ' > ', 2), '') FROM regexp_split_to_table(btrim(refs, E'\n\t '), E'\\s*\n\\s*') r;
END $$;
CREATE VIEW found AS
	SELECT m.number, m.name, m.target AS meant, (SELECT string_agg(format('%s:%s:%s %s', split_part(pt_key_path(e.to_key), '/', -1), e2.line_start, pt_key_name(e.to_key), e.method), ', ' ORDER BY e2.line_start)
		FROM pt_names.pt_edge e JOIN pt_names.pt_entity e2 ON e2.key = e.to_key
		WHERE e.from_key = m.source AND e.reference_key = m.name AND e.edge_type = format('Calls %s (resolved)', m.number) AND e.confidence >= 0.4 AND e.method <> 'other') AS found FROM meant m;

CALL given('java', $$
	a/Base.java Base class
	a/Base.java Base.Base method 1
	a/Base.java Base.stop method 0
	a/Base.java Base.stop method 1-2
	a/Base.java Base.open method 0
	a/Job.java Job class
	a/Job.java Job.Job method 0
	a/Job.java Job.stop method 3
	a/Job.java Job.put method 1
	a/Job.java Job.put method 1
	a/Job.java Job.put method 2-
	b/Other.java Other class
	b/Other.java Other.make method 0
	b/Twin.java Twin class
	b/Twin.java Twin.go method 0
	c/Twin.java Twin class
	c/Twin.java Twin.go method 0
	c/deep/Use.java Use class
	c/deep/Use.java Use.use method 0
$$, 'a/Job.java Job Base 6
	b/Other.java Other Job 1');
CALL means('java', 'a/Job.java Job.stop', $$
	stop(0) > Base.java:3:Base.stop inherited
	stop(2) > Base.java:4:Base.stop inherited
	stop(3) > Job.java:8:Job.stop member
	stop(9) > Job.java:8:Job.stop member
	Job.super.stop(1) > Base.java:4:Base.stop inherited
	put(2) > Job.java:11:Job.put member
	put(7) > Job.java:11:Job.put member
	put(1) > Job.java:9:Job.put member, Job.java:10:Job.put member
	open > Base.java:5:Base.open inherited
	Job.super.open(0) > Base.java:5:Base.open inherited
$$);
-- types of other files, the nearer of two; a constructor does not stand before its class
CALL means('java', 'c/deep/Use.java Use.use', $$
	Other.open(0) > Base.java:5:Base.open inherited
	Other.stop(3) > Job.java:8:Job.stop inherited
	Twin.go(0) > Twin.java:17:Twin.go member
	Twin.absent(0)
$$);
-- in C++ parameters may have values where the function is declared
CALL given('cpp', $$
	x/a.cc A class
	x/a.cc A.f method 2
	x/a.cc A.f method 3
	x/a.cc A.g method 0
$$);
CALL means('cpp', 'x/a.cc A.g', $$
	f(3) > a.cc:3:A.f member
	f(1) > a.cc:2:A.f member, a.cc:3:A.f member
$$);
INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type) SELECT source, name, 'Calls ' || number FROM meant;
SELECT count(*) FROM pt_resolve_references();
SELECT * FROM found WHERE found IS DISTINCT FROM meant ORDER BY number;

-- Bases: the places that the class says they have, else the lines; never the order of rows, which here is that of names, backwards.
TRUNCATE meant;
CALL given('python', $$
	m/base.py A class
	m/base.py A.run method
	m/base.py A.one method
	m/base.py B class
	m/base.py B.run method
	m/base.py B.two method
	m/base.py C class
	m/base.py C.two method
	m/base.py C.one method
	m/said.py Said class
	m/said.py Said.m method
	m/line.py Line class
	m/line.py Line.m method
	m/half.py Half class
	m/half.py Half.m method
	m/fact.py Fact class
	m/fact.py Fact.m method
$$, 'm/said.py Said m.base::A 3
	m/said.py Said m.base::B 3
	m/said.py Said m.base::C 3
	m/line.py Line m.base::A 12
	m/line.py Line m.base::B 4
	m/half.py Half m.base::A 1
	m/half.py Half m.base::B 1
	m/half.py Half m.base::C 9');
UPDATE pt_names.pt_entity SET properties = properties || '{"bases": ["m.base::B", "m.base::C", "m.base::A"]}' WHERE name = 'Said';
UPDATE pt_names.pt_entity SET properties = properties || '{"bases": ["m.base::C", "nobody", 1, {}, "m.base::C"]}' WHERE name = 'Half';
-- an index knows what a base is, whatever it is called where it is named
INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type, method) SELECT f.key, t.key, 'Extends', 'scip' FROM pt_names.pt_entity f, pt_names.pt_entity t WHERE f.name = 'Fact' AND t.name = 'C';
CALL means('python', 'm/said.py Said.m', $$
	Said.run > base.py:5:B.run inherited
	Said.one > base.py:9:C.one inherited
	Said.two > base.py:6:B.two inherited
$$);
CALL means('python', 'm/line.py Line.m', $$
	Line.run > base.py:5:B.run inherited
	Line.one > base.py:3:A.one inherited
$$);
CALL means('python', 'm/half.py Half.m', $$
	Half.two > base.py:8:C.two inherited
	Half.run > base.py:2:A.run inherited
$$);
CALL means('python', 'm/fact.py Fact.m', $$
	Fact.one > base.py:9:C.one inherited
$$);
INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type) SELECT source, name, 'Calls ' || number FROM meant;
SELECT count(*) FROM pt_resolve_references();
SELECT * FROM found WHERE found IS DISTINCT FROM meant ORDER BY number;

-- The same rows in other orders: the same guesses.
CREATE TABLE entities AS TABLE pt_names.pt_entity;
CREATE TABLE edges AS TABLE pt_names.pt_edge;
CREATE FUNCTION shuffled(seed integer) RETURNS TABLE (seed_ integer, surplus bigint, missing bigint) LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE pt_names.pt_entity, pt_names.pt_edge;
	INSERT INTO pt_names.pt_entity SELECT * FROM entities e ORDER BY md5(seed || e.key);
	INSERT INTO pt_names.pt_edge SELECT * FROM edges e WHERE reference_key IS NULL ORDER BY md5(seed || e::text);
	PERFORM pt_resolve_references();
	RETURN QUERY SELECT seed, (SELECT count(*) FROM (TABLE pt_names.pt_edge EXCEPT TABLE edges) x), (SELECT count(*) FROM (TABLE edges EXCEPT TABLE pt_names.pt_edge) x);
END $$;
SELECT s.* FROM generate_series(1, 8) n, shuffled(n) s WHERE surplus + missing > 0;
TRUNCATE pt_names.pt_entity, pt_names.pt_edge;

-- What nobody writes ends, too: modules that import each other, all names of each other; bases 10,000 deep; 100,000 of one name.
CALL given('python', $$
	r/a.py f function
	r/b.py g function
	r/b.py h function
$$);
INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type) VALUES
	('python:file:r/a.py:1-1', 'python:module:r.b:0-0', 'Uses'), ('python:file:r/b.py:1-1', 'python:module:r.a:0-0', 'Uses'),
	('python:function:f:r/a.py:1-1', 'python:fn:r.b::g:unresolved-reference:0-0', 'Calls'), ('python:function:g:r/b.py:2-2', 'python:fn:r.a::f:unresolved-reference:0-0', 'Calls'),
	('python:function:f:r/a.py:1-1', 'python:fn:r.b::a.b.a.b.a.h:unresolved-reference:0-0', 'Calls'), ('python:function:f:r/a.py:1-1', 'python:fn:h:unresolved-reference:0-0', 'Calls');
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path, line_start) SELECT 'python:class:K' || i, 'K' || i, 'class', 'python', 'deep.py', i FROM generate_series(0, 10000) i;
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path, properties) VALUES ('python:file:deep.py:1-1', 'deep.py', 'file', 'python', 'deep.py', '{"qualified": true}'),
	('python:fn:end', 'end', 'method', 'python', 'deep.py', '{"scope": "K10000"}');
INSERT INTO pt_names.pt_edge (from_key, to_key, edge_type) SELECT 'python:class:K' || i, format('python:type:K%s:unresolved-reference:0-0', i + 1), 'Extends' FROM generate_series(0, 9999) i;
INSERT INTO pt_names.pt_edge (from_key, to_key) SELECT 'python:file:deep.py:1-1', format('python:fn:K%s.end:unresolved-reference:0-0', i) FROM generate_series(0, 10000, 100) i;
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path, properties) SELECT format('java:method:many:%s', i), 'many', 'method', 'java', format('j/%s.java', i % 300), jsonb_build_object('scope', 'C' || i % 2) FROM generate_series(1, 100000) i;
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path, properties) SELECT format('java:file:j/%s.java:1-1', i), 'j', 'file', 'java', format('j/%s.java', i), '{"qualified": true}' FROM generate_series(0, 299) i;
INSERT INTO pt_names.pt_edge (from_key, to_key) SELECT format('java:method:many:%s', i), n FROM generate_series(1, 2000) i, unnest('{java:fn:C1.many:unresolved-reference:0-0,java:fn:many(1):unresolved-reference:0-0,java:fn:x.many:unresolved-reference:0-0}'::text[]) n;
-- a path with more folders than any file system has
INSERT INTO pt_names.pt_entity (key, name, entity_type, language, file_path) VALUES ('python:fn:far', 'far', 'function', 'python', repeat('d/', 100000) || 'x.py');
SELECT resolved > 0 AS resolved FROM pt_resolve_references();
SELECT pt_key_name(from_key) AS source, pt_key_name(reference_key) AS name, pt_key_path(to_key) AS path, method FROM pt_names.pt_edge WHERE confidence >= 0.5 AND from_key LIKE 'python:f%:r/%' AND edge_type LIKE 'Calls%' ORDER BY from_key COLLATE "C", reference_key COLLATE "C";
SELECT count(*) FILTER (WHERE reference_key LIKE '%.end:%') AS of_deep, count(*) FILTER (WHERE reference_key LIKE 'java:%') AS of_many FROM pt_names.pt_edge WHERE confidence >= 0.5;

SET client_min_messages = error;
SET parseltongue.graph = '';
DROP SCHEMA pt_names CASCADE;
DROP SCHEMA pt_resolve_names CASCADE;
