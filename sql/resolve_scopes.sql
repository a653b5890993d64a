--
-- pt_resolve_references in files whose references are qualified: what each form
-- of name means, written down by hand.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve_scopes;
SET search_path = pt_resolve_scopes, public;
LOAD 'parseltongue';
SELECT pt_create_codebase('pt_scopes');
SET parseltongue.graph = 'pt_scopes.pt_edge';

-- Entities are "FILE SCOPE.NAME TYPE [RETURNS|FIELD=TYPE,...]"; keys are LANGUAGE:NAME:FILE, of the second of a name with -2.
CREATE FUNCTION path_of(file text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT file || CASE WHEN file LIKE 'py/%' THEN '.py' WHEN file LIKE 'ts/%' THEN '.ts' WHEN file LIKE 'rs/%' THEN '.rs' ELSE '.java' END $$;
CREATE FUNCTION language_of(file text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT CASE split_part(file, '/', 1) WHEN 'py' THEN 'python' WHEN 'ts' THEN 'typescript' WHEN 'rs' THEN 'rust' ELSE 'java' END $$;
CREATE FUNCTION key_of(entity text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT format('%s:%s:%s:%s:1-9', language_of(split_part(entity, ' ', 1)), 'x', replace(split_part(entity, ' ', 2), '::', '.'), path_of(split_part(entity, ' ', 1))) $$;
CREATE PROCEDURE given(entities text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO pt_scopes.pt_entity (key, name, entity_type, language, file_path, properties)
		SELECT key_of(e), regexp_replace(split_part(e, ' ', 2), '^.*(\.|::)', ''), split_part(e, ' ', 3), language_of(e), path_of(split_part(e, ' ', 1)),
			jsonb_strip_nulls(jsonb_build_object('scope', substring(split_part(e, ' ', 2) FROM '^(.*?)(?:\.|::)[^.:]*$'),
				'returns', CASE WHEN split_part(e, ' ', 4) NOT LIKE '%=%' THEN nullif(split_part(e, ' ', 4), '') END,
				'fields', (SELECT jsonb_object_agg(split_part(f, '=', 1), split_part(f, '=', 2)) FROM unnest(string_to_array(split_part(e, ' ', 4), ',')) f WHERE f LIKE '%=%')))
		FROM regexp_split_to_table(btrim(entities, E'\n\t '), E'\\s*\n\\s*') e;
	INSERT INTO pt_scopes.pt_entity (key, name, entity_type, language, file_path, properties)
		SELECT DISTINCT format('%s:file:%s:1-1', language, file_path), file_path, 'file', language, file_path, '{"qualified": true}'::jsonb FROM pt_scopes.pt_entity ON CONFLICT DO NOTHING;
END $$;
-- A reference: what it is in, its name, its type of edge, and what it means with the method; nothing if it must not be guessed.
-- Types of edges differ, so that two names that mean the same are two guesses.
CREATE TABLE meant (number serial, source text, name text, target text, method text);
CREATE PROCEDURE means(source text, refs text) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO meant (source, name, target, method) SELECT CASE WHEN source LIKE '% %' THEN key_of(source) ELSE format('%s:file:%s:1-1', language_of(source), path_of(source)) END,
		split_part(r, ' ', 1), nullif(split_part(r, ' ', 3), ''), nullif(split_part(r, ' ', 4), '') FROM regexp_split_to_table(btrim(refs, E'\n\t '), E'\\s*\n\\s*') r;
END $$;
CREATE VIEW asked AS SELECT m.*, 'Calls ' || number AS edge, format('%s:fn:%s:unresolved-reference:0-0', split_part(source, ':', 1), name) AS reference FROM meant m;

-- Python: two packages, one of which passes on what its modules define; a module called as one of the standard library's
CALL given($$
	py/pkg/__init__ version function
	py/pkg/base Base class
	py/pkg/base Base.run method ./py/pkg/base::Result
	py/pkg/base Base.stop method
	py/pkg/base Result class
	py/pkg/base Result.show method
	py/pkg/work Job class owner=./py/pkg/people::Person,queue=queue::Queue
	py/pkg/work Job.run method Job
	py/pkg/work Job.step method
	py/pkg/work Job.run.inner function
	py/pkg/work start function Job
	py/pkg/work helper function
	py/pkg/work Other class
	py/pkg/work Other.helper method
	py/pkg/people Person class
	py/pkg/people Person.name method
	py/pkg/people Person.greet method
	py/pkg/sub/__init__ first function
	py/pkg/sub/deep hidden function
	py/pkg/sub/types thing function
	py/tests/test_work hidden function
	py/app main function
	py/app show function
$$);
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) VALUES
	(key_of('py/pkg/work Job'), 'python:type:./py/pkg/base::Base:unresolved-reference:0-0', 'Extends'),
	(key_of('py/pkg/people Person'), 'python:type:somewhere::Human:unresolved-reference:0-0', 'Extends');
-- what is seen: from the inside out, but not members by their name alone
CALL means('py/pkg/work Job.run', $$
	inner > py/pkg/work:Job.run.inner scope
	helper > py/pkg/work:helper scope
	step
	start > py/pkg/work:start scope
	Job > py/pkg/work:Job scope
	main
$$);
CALL means('py/pkg/work', $$
	inner
	helper > py/pkg/work:helper scope
	Other.helper > py/pkg/work:Other.helper member
$$);
-- members: of the class, of its base, of the base only; of fields, results, and of what they lead to
CALL means('py/pkg/work Job.step', $$
	Job.run > py/pkg/work:Job.run member
	Job.stop > py/pkg/base:Base.stop inherited
	Job.super.run > py/pkg/base:Base.run inherited
	Job.super.step
	Job.owner.greet > py/pkg/people:Person.greet member
	Job.owner.walk
	Job.queue.name
	Job.run().step > py/pkg/work:Job.step member
	Job.super.run().show > py/pkg/base:Result.show member
	start().stop > py/pkg/base:Base.stop inherited
	start().owner.name > py/pkg/people:Person.name member
$$);
-- modules: by their path, by their name, within a package, passed on; one that is not there is nothing
CALL means('py/app main', $$
	./py/pkg/work::start > py/pkg/work:start module
	./py/pkg/work::Job.step > py/pkg/work:Job.step member
	./py/pkg/work::Job().stop > py/pkg/base:Base.stop inherited
	./py/pkg::work.helper > py/pkg/work:helper module
	./py/pkg/sub::first > py/pkg/sub/__init__:first module
	./py/pkg/sub::deep.hidden > py/pkg/sub/deep:hidden module
	./py/pkg::greet
	./py/pkg::thing > py/pkg/sub/types:thing export
	py.pkg::Person > py/pkg/people:Person export
	pkg::version > py/pkg/__init__:version module
	pkg.sub::hidden > py/pkg/sub/deep:hidden export
	pkg::sub.types.thing > py/pkg/sub/types:thing module
	types::thing
	os::path.show
	show > py/app:show scope
$$);

-- TypeScript: paths, an index, interfaces
CALL given($$
	ts/src/index Root class
	ts/src/shape Shape interface
	ts/src/shape Shape.area method
	ts/src/ui/index draw function ./ts/src/ui/view::View
	ts/src/ui/view View class shape=./ts/src/shape::Shape,#next=View
	ts/src/ui/view View.show method
	ts/src/ui/view View.top method View
	ts/src/ui/panel Panel class
	ts/src/ui/panel Panel.show method
	ts/src/ui/panel Panel.?.close method
	ts/src/ui/panel Panel.?.open method
	ts/src/ui/panel open function
	ts/lib/util/text trim function
$$);
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) VALUES
	(key_of('ts/src/ui/panel Panel'), 'typescript:type:./ts/src/ui/view::View:unresolved-reference:0-0', 'Extends');
CALL means('ts/src/ui/panel Panel.show', $$
	./ts/src/ui::draw > ts/src/ui/index:draw module
	./ts/src/ui::draw().shape.area > ts/src/shape:Shape.area member
	Panel.shape.area > ts/src/shape:Shape.area member
	Panel.top.show > ts/src/ui/view:View.show member
	Panel.#next.show > ts/src/ui/view:View.show member
	Panel.super.show > ts/src/ui/view:View.show inherited
	./ts/src::Root > ts/src/index:Root module
	./ts/src/ui::Panel > ts/src/ui/panel:Panel export
	util/text::trim > ts/lib/util/text:trim module
	@/util/text::trim > ts/lib/util/text:trim module
	text::trim
	./ts/lib/text::trim
	close
$$);
CALL means('ts/src/ui/panel Panel.?.close', $$
	close
	open > ts/src/ui/panel:open scope
$$);

-- Java sees members in their class by name; Rust has them in other files
CALL given($$
	java/app/Base Base class
	java/app/Base Base.stop method
	java/app/Job Job class
	java/app/Job Job.run method
	java/app/Job Job.step method
	rs/src/shape Shape struct
	rs/src/draw Shape::draw method
	rs/src/draw Shape::line method
$$);
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) VALUES
	(key_of('java/app/Job Job'), 'java:type:Base:unresolved-reference:0-0', 'Extends');
CALL means('java/app/Job Job.run', $$
	step > java/app/Job:Job.step member
	Job.step > java/app/Job:Job.step member
	Job.run > java/app/Job:Job.run member
$$);
CALL means('rs/src/draw Shape::draw', $$
	Shape::line > rs/src/draw:Shape.line member
$$);

INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) SELECT source, reference, edge FROM asked;
SELECT resolved, ambiguous FROM pt_resolve_references();
CREATE VIEW found AS
	SELECT m.source, m.name, format('%s:%s', regexp_replace(pt_key_path(e.to_key), '\.[a-z]*$', ''), pt_key_name(e.to_key)) AS target, e.method, e.confidence
	FROM asked m LEFT JOIN pt_scopes.pt_edge e ON e.from_key = m.source AND e.reference_key = m.reference AND e.edge_type = m.edge || ' (resolved)' AND e.confidence >= 0.5;
-- nothing but what is meant
SELECT m.source, m.name, m.target AS meant, m.method, f.target AS found, f.method AS by FROM meant m JOIN found f USING (source, name)
	WHERE (m.target, m.method) IS DISTINCT FROM (nullif(f.target, ':'), f.method) ORDER BY m.source COLLATE "C", m.name COLLATE "C";
SELECT method, count(*), min(confidence), max(confidence) FROM found GROUP BY method ORDER BY method COLLATE "C";
-- the second time nothing changes
SELECT guesses_inserted, guesses_updated, guesses_deleted FROM pt_resolve_references();

-- What is not known is a guess, far below the threshold; alternatives are not listed.
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) VALUES
	(key_of('py/app main'), 'python:fn:?.greet:unresolved-reference:0-0', 'Calls'), (key_of('py/pkg/work start'), 'python:fn:?.stop:unresolved-reference:0-0', 'Calls');
SELECT ambiguous FROM pt_resolve_references();
SELECT pt_key_name(from_key) AS source, pt_key_name(to_key) AS target, confidence, method FROM pt_scopes.pt_edge WHERE reference_key LIKE '%:?.%' ORDER BY from_key COLLATE "C", to_key COLLATE "C";

-- A class that is its own base, bases in a circle, types that name each other, ends nowhere but ends.
CALL given($$
	py/loop A class next=B.next,self=A.self
	py/loop B class next=A.next
	py/loop C class
	py/loop f function g()
	py/loop g function f()
$$);
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) SELECT key_of('py/loop ' || source), format('python:type:%s:unresolved-reference:0-0', target), 'Extends' FROM (VALUES ('A', 'B'), ('B', 'A'), ('C', 'C'), ('A', 'A.B'), ('B', 'f()')) v (source, target);
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) SELECT 'python:file:py/loop.py:1-1', format('python:fn:%s:unresolved-reference:0-0', name), 'Calls' FROM unnest('{A.run,A.next.run,C.run,A.self.run,f().run,C.super.super.run,A.B.C.run,.,..,::,./::,a::,::a,./::.,f()(),().a,A.}'::text[]) name;
SELECT guesses_inserted, guesses_deleted FROM pt_resolve_references();
-- a chain of bases longer than anybody writes is given up
SELECT string_agg(format('py/chain K%s class', i), E'\n') || E'\npy/chain K99.end method' AS chain FROM generate_series(0, 99) i \gset
CALL given(:'chain');
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) SELECT key_of('py/chain K' || i), format('python:type:K%s:unresolved-reference:0-0', i + 1), 'Extends' FROM generate_series(0, 98) i;
INSERT INTO pt_scopes.pt_edge (from_key, to_key, edge_type) SELECT 'python:file:py/chain.py:1-1', format('python:fn:K%s.end:unresolved-reference:0-0', i), 'Calls ' || i FROM unnest('{0,50,95,99}'::int[]) i;
SELECT resolved > 0 AS resolved FROM pt_resolve_references();
SELECT pt_key_name(reference_key) AS name, method, confidence FROM pt_scopes.pt_edge WHERE reference_key LIKE '%.end:%' AND confidence >= 0.5 ORDER BY 1;
-- properties of other forms say nothing
UPDATE pt_scopes.pt_entity SET properties = properties || '{"fields": ["a", 1], "returns": {"a": 1}, "scope": null}' WHERE name = 'Job';
UPDATE pt_scopes.pt_entity SET properties = properties || '{"fields": {"a": {"b": "c"}, "d": 1, "": "", "e": ""}}' WHERE name = 'Person';
SELECT count(*) FROM pt_resolve_references();
SELECT guesses_inserted, guesses_updated, guesses_deleted FROM pt_resolve_references();

DROP SCHEMA pt_scopes CASCADE;
DROP SCHEMA pt_resolve_scopes CASCADE;
