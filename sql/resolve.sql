--
-- pt_resolve_references: golden results for each rule, a second implementation
-- of the rules over random codebases, and what calls leave alone.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_resolve;
SET search_path = pt_resolve, public;
SET jit = off;
TRUNCATE pt_entity, pt_edge;
LOAD 'parseltongue';

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	hint := nullif(hint, '');
END $$;

SELECT pt_create_codebase('pt_gold');
SET parseltongue.graph = 'pt_gold.pt_edge';
CREATE VIEW guesses AS SELECT from_key, reference_key, to_key, edge_type, confidence, method FROM pt_gold.pt_edge WHERE reference_key IS NOT NULL;
-- A case: a source, what it refers to, and entities as "key|type|file".
CREATE FUNCTION given(source text, reference text, VARIADIC entities text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
	INSERT INTO pt_gold.pt_edge (from_key, to_key, edge_type, source_location) SELECT source, split_part(r, '|', 1), coalesce(nullif(split_part(r, '|', 2), ''), 'Calls'), 'at:' || i FROM unnest(string_to_array(reference, ' & ')) WITH ORDINALITY r (r, i);
	INSERT INTO pt_gold.pt_entity (key, entity_type, file_path, properties)
		SELECT split_part(e, '|', 1), nullif(split_part(e, '|', 2), ''), nullif(split_part(e, '|', 3), ''), CASE WHEN e LIKE '%|static' THEN '{"linkage": "static"}' ELSE '{}' END::jsonb FROM unnest(entities) e;
END $$;
CREATE FUNCTION resolve(source text, reference text, VARIADIC entities text[]) RETURNS TABLE (to_key text, edge_type text, confidence numeric, method text, source_location text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	PERFORM given(source, reference, VARIADIC entities);
	PERFORM pt_resolve_references();
	RETURN QUERY SELECT to_key, edge_type, confidence::numeric, method, source_location FROM pt_gold.pt_edge WHERE reference_key IS NOT NULL ORDER BY edge_type COLLATE "C", confidence DESC, to_key COLLATE "C";
END $$;
-- Several references of one source, kept apart by their types.
CREATE FUNCTION resolve_each(source text, refs text[], VARIADIC entities text[]) RETURNS TABLE (reference text, to_key text, confidence numeric, method text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	PERFORM given(source, (SELECT string_agg(CASE WHEN r LIKE '%|%' THEN r ELSE r || CASE WHEN r LIKE '%:0-0' THEN '|' ELSE ':unknown:0-0|' END || lpad(i::text, 2, '0') END, ' & ') FROM unnest(refs) WITH ORDINALITY r (r, i)), VARIADIC entities);
	PERFORM pt_resolve_references();
	RETURN QUERY SELECT regexp_replace(reference_key, '(:unknown)?:0-0$', ''), to_key, confidence::numeric, method FROM pt_gold.pt_edge WHERE reference_key IS NOT NULL ORDER BY edge_type COLLATE "C", confidence DESC, to_key COLLATE "C";
END $$;

-- ---------------------------------------------------------------------------
-- By hand: each method.
-- ---------------------------------------------------------------------------
-- file
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:dissect:unresolved-reference:0-0', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:dissect:./src/a.rs:10-19|function|./src/a.rs', 'rust:fn:dissect:./src/b.rs:1-2|function|./src/b.rs');
-- import: the module by the name of its file, of its folder, and of the folder of mod.rs; each other way stays possible
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:transmit:unresolved-reference:0-0 & rust:module:crate::client:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:transmit:1|fn|net/client.rs', 'rust:fn:transmit:2|fn|src/server.rs');
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:transmit:unresolved-reference:0-0 & rust:module:net::Client:external-dependency-x:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:transmit:1|fn|lib/net/other.rs', 'rust:fn:transmit:2|fn|src/server.rs');
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:transmit:unresolved-reference:0-0 & rust:module:net:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:transmit:1|fn|lib/net/mod.rs', 'rust:fn:transmit:2|fn|src/net/x/server.rs', 'rust:fn:transmit:3|fn|mod.rs');
-- an edge that is no Uses imports nothing; self and the like are no modules
SELECT * FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:transmit:unresolved-reference:0-0 & rust:module:client:0-0|Calls & rust:module:crate::self::super::src:0-0|Uses', 'rust:fn:main:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:transmit:1|fn|net/client.rs', 'rust:fn:transmit:2|fn|src/self.rs', 'rust:fn:transmit:3|fn|super/crate.rs');
-- qualified: by the name of the file, by the folder, by the way of other languages
SELECT * FROM resolve_each('rust:fn:main:./src/a.rs:1-9', '{rust:fn:client::transmit,rust:fn:crate::net::transmit,rust:fn:client.transmit,rust:fn:net/transmit,rust:fn:x->transmit,rust:fn:a::b::server::transmit}', 'rust:fn:transmit:1|fn|net/client.rs', 'rust:fn:transmit:2|fn|lib/server.rs');
-- folder: the same; one below is another
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|src/app/b.rs', 'rust:fn:draw:2|fn|src/app/sub/c.rs', 'rust:fn:draw:3|fn|src/d.rs', 'rust:fn:draw:4|fn|src/app2/e.rs');
-- unique
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|lib/ui/b.rs', 'rust:fn:drawn:2|fn|lib/ui/b.rs');
-- nearest: the deepest common folder, and the root, where all share
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|src/b.rs', 'rust:fn:draw:2|fn|src/x/y/c.rs', 'rust:fn:draw:3|fn|lib/d.rs');
SELECT * FROM resolve('rust:fn:main:./src/app/a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./src/app/a.rs:1-9|function|./src/app/a.rs', 'rust:fn:draw:1|fn|b.rs', 'rust:fn:draw:2|fn|x/c.rs', 'rust:fn:draw:3|fn|lib/d.rs');
-- a file in the root has no folder to share
SELECT * FROM resolve('rust:fn:main:./a.rs:1-9', 'rust:fn:draw:unknown:0-0', 'rust:fn:main:./a.rs:1-9|function|./a.rs', 'rust:fn:draw:1|fn|b.rs', 'rust:fn:draw:2|fn|x/c.rs');
-- self, and others of the name elsewhere; with another one in the file it is one of two
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs');
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:walk:./src/b.rs:1-9|function|./src/b.rs');
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:method:walk:./src/a.rs:20-29|method|./src/a.rs');
-- itself, if all that is beside it is a type; the others share the other half
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:struct:walk:./src/a.rs:20-29|struct|./src/a.rs', 'rust:fn:walk:./src/b.rs:1-9|function|./src/b.rs');
-- a source that is no entity is one, whatever its key says
SELECT * FROM resolve('rust:fn:main:__src_a_rs:1-9', 'rust:fn:dissect:unresolved-reference:0-0 & rust:fn:main:unknown:0-0', 'rust:fn:dissect:1|fn|src/a.rs', 'rust:fn:dissect:2|fn|src/b.rs');
SELECT * FROM resolve('src_lib_rs-new_feature-fn-abc12345', 'rust:fn:dissect:unresolved-reference:0-0', 'rust:fn:dissect:1|fn|src/lib.rs', 'rust:fn:dissect:2|fn|src/b.rs');
SELECT * FROM resolve('main', 'rust:fn:dissect:unresolved-reference:0-0', 'rust:fn:dissect:1|fn|src/lib.rs');
-- three spellings of one path
SELECT s AS source, r.to_key, r.confidence, r.method FROM unnest(ARRAY['rust:fn:main:./src/x/a.rs:1-9', 'rust:fn:main:src/x/a.rs:1-9', 'rust:fn:main:__src_x_a_rs:1-9', 'rust:fn:main:__src_x_a_rs:T1706284800', '__src_x_a_rs-main-fn-abc12345']) WITH ORDINALITY s (s, i),
	LATERAL resolve(s, 'rust:fn:dissect:unknown:0-0', 'rust:fn:dissect:./src/x/a.rs:20-21|fn', 'rust:fn:dissect:1|fn|src/x/a.rs', 'rust:fn:dissect:__src_x_a_rs:30-31|fn|', 'rust:fn:dissect:2|fn|src/x/b.rs') r ORDER BY i, confidence DESC, to_key COLLATE "C";

-- what is called: a function, method, macro; a type if none is there, as its constructor
SELECT * FROM resolve_each('rust:fn:main:./src/a.rs:1-9', '{rust:fn:Thing,rust:method:Thing,rust:macro:Thing,rust:struct:Thing,rust:module:Thing,rust:const:Thing}',
	'rust:fn:Thing:1|function|lib/1.rs', 'rust:method:Thing:2|method|lib/2.rs', 'rust:struct:Thing:3|struct|lib/3.rs', 'rust:mod:Thing:4|mod|lib/4.rs', 'rust:const:Thing:5|constant|lib/5.rs', 'rust:impl:Thing:6|impl|lib/6.rs', 'rust:file:Thing:7|file|lib/7.rs');
SELECT r.* FROM resolve('java:method:main:src/A.java:1-9', 'java:fn:Thing:unresolved-reference:0-0', 'java:class:Thing:1|class|lib/Thing.java', 'java:impl:Thing:2|impl|lib/Thing.java') r;
SELECT r.* FROM resolve('java:method:main:src/A.java:1-9', 'java:fn:Thing:unresolved-reference:0-0', 'java:class:Thing:1|class|src/Thing.java', 'java:fn:Thing:2|fn|lib/b.java') r;	-- the nearer type
-- Implements wants a type, an import anything
SELECT r.* FROM resolve('rust:impl:Thing:./src/a.rs:1-9', 'rust:fn:Draw:unknown:0-0|Implements & rust:module:Draw:0-0|Uses', 'rust:trait:Draw:1|trait|lib/1.rs', 'rust:fn:Draw:2|fn|lib/2.rs') r;
-- languages are kept apart; a missing one is none
SELECT r.* FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:dissect:unknown:0-0 & python:fn:dissect:unknown:0-0 & go:fn:dissect:unknown:0-0', 'rust:fn:dissect:1|fn|src/a.rs', 'python:fn:dissect:2|fn|src/a.py', 'c:fn:dissect:3|fn|src/a.rs') r;
-- names in the two forms they come in
SELECT * FROM resolve_each('cs:fn:main:./src/a.cs:1-9', ARRAY['cs:fn:List<string>', 'cs:fn:List__lt__string__gt__', 'cs:fn:Map<string, int>', 'cs:fn:System.List<string>'],
	'cs:class:List__lt__string__gt__:1|class|lib/1.cs', 'cs:class:List<string>:2|class|lib/2.cs', 'cs:class:Map__lt__string__c__int__gt__:3|class|lib/3.cs', 'cs:class:List:4|class|lib/4.cs');
-- operators of C++, with and without their class
SELECT * FROM resolve_each('cpp:fn:main:src/a.cpp:1-9', ARRAY['cpp:fn:Num::operator>', 'cpp:fn:operator>', 'cpp:fn:Num::operator/=', 'cpp:fn:Num::operator__lt____lt__'], 'cpp:fn:operator__gt__:1|fn|lib/Num.cpp', 'cpp:method:Num::operator/=:2|method|lib/Num.cpp', 'cpp:method:Num::operator<<:3|method|lib/out.cpp');
-- a hyphen key tells its type, too
SELECT given('rust:fn:main:src/a.rs:1-9', 'rust:fn:new_feature:unknown:0-0 & rust:struct:new_feature:unknown:0-0', 'src_lib_rs-new_feature-fn-abc12345', 'src_lib_rs-new_feature-struct-abc12346');
UPDATE pt_gold.pt_entity SET language = 'rust';
SELECT pt_resolve_references();
SELECT reference_key, to_key, confidence, method FROM guesses ORDER BY reference_key COLLATE "C";
-- what is not visible outside its file
SELECT r.* FROM resolve('c:fn:main:src/a.c:1-9', 'c:fn:init:unresolved-reference:0-0', 'c:fn:init:1|function|src/b.c|static', 'c:fn:init:2|function|lib/c.c', 'c:fn:init:3|function|src/d.c|static') r;
SELECT r.* FROM resolve('c:fn:main:src/a.c:1-9', 'c:fn:init:unresolved-reference:0-0', 'c:fn:init:1|function|src/a.c|static', 'c:fn:init:2|function|lib/c.c', 'c:fn:init:3|function|src/d.c|static') r;
SELECT r.* FROM resolve('c:fn:main:src/a.c:1-9', 'c:fn:init:unresolved-reference:0-0 & c:fn:b::init:unknown:0-0', 'c:fn:init:1|function|src/b.c|static') r;
-- two files whose paths differ in a separator only are two files
SELECT r.* FROM resolve('c:fn:main:src/net_util.c:1-9', 'c:fn:init:unresolved-reference:0-0', 'c:fn:main:src/net_util.c:1-9|function|src/net_util.c', 'c:fn:init:1|function|src/net/util.c|static') r;
-- names and languages of entities go before those of their keys
SELECT given('c:fn:main:src/a.c:1-9', 'c:fn:alias:unknown:0-0 & c:fn:key_name:unknown:0-0', VARIADIC '{}');
INSERT INTO pt_gold.pt_entity (key, name, language) VALUES ('c:fn:key_name:src/b.c:1-2', 'alias', 'c'), ('x:fn:key_name:src/b.c:3-4', NULL, 'c');
SELECT * FROM pt_resolve_references();
SELECT to_key, reference_key, method FROM guesses ORDER BY to_key COLLATE "C";
-- edges to what is known, outside, a file; and references from placeholders: none of its business
SELECT r.* FROM resolve('rust:fn:main:./src/a.rs:1-9', 'rust:fn:dissect:1 & rust:fn:dissect:external-dependency-x:0-0 & rust:file:dissect:1-1|Uses', 'rust:fn:dissect:1|fn|src/b.rs') r;
SELECT r.* FROM resolve('rust:fn:main:unknown:0-0', 'rust:fn:dissect:unknown:0-0', 'rust:fn:dissect:1|fn|src/b.rs') r;

-- max_candidates: with more a reference stays as it is; so many are shared
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:fresh:unknown:0-0 & rust:fn:lib::fresh:unknown:0-0', VARIADIC ARRAY(SELECT format('rust:fn:fresh:%s|fn|lib/x%s/f.rs', i, i) FROM generate_series(1, 6) i));
SELECT m AS max_candidates, r.* FROM unnest(ARRAY[1, 5, 6, 25, 2147483647]) WITH ORDINALITY m (m, i), LATERAL pt_resolve_references(max_candidates => m) r ORDER BY i;
SELECT method, count(*), min(confidence), max(confidence), sum(confidence) FROM guesses GROUP BY method;
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:fresh:unknown:0-0', VARIADIC ARRAY(SELECT format('rust:fn:fresh:%s|fn|src/a.rs', i) FROM generate_series(1, 6) i) || 'rust:fn:fresh:far|fn|lib/b.rs'::text);
SELECT * FROM pt_resolve_references(max_candidates => 6);
SELECT method, count(*), min(confidence), max(confidence) FROM guesses GROUP BY method ORDER BY method;
SELECT * FROM pt_resolve_references(max_candidates => 7);
SELECT method, count(*), min(confidence), max(confidence) FROM guesses GROUP BY method ORDER BY method;
SELECT * FROM pt_resolve_references(max_candidates => 5);
SELECT count(*) FROM guesses;
-- two references that mean the same: the better one counts
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:fresh:unknown:0-0 & rust:fn:b::fresh:unknown:0-0 & rust:fn:c::fresh:unknown:0-0', 'rust:fn:fresh:1|fn|lib/b.rs', 'rust:fn:fresh:2|fn|lib/d.rs');
SELECT * FROM pt_resolve_references();
SELECT * FROM guesses ORDER BY to_key COLLATE "C";

-- ---------------------------------------------------------------------------
-- By hand: where a rule begins and ends.
-- ---------------------------------------------------------------------------
-- the order of the methods: what remains when the better ones go
CREATE FUNCTION steps(qualifier text, import text, VARIADIC paths text[]) RETURNS TABLE (reference text, path text, confidence numeric, method text) LANGUAGE sql AS $$
	SELECT reference, pt_key_path(to_key), confidence, method
	FROM resolve_each('rust:fn:main:src/app/a.rs:1-9', ARRAY(SELECT format('rust:fn:%sdraw%s', qualifier, i) FROM generate_series(1, cardinality(paths)) i) || format('rust:module:%s:0-0|Uses', import),
		VARIADIC ARRAY(SELECT format('rust:fn:draw%s:%s:1-9|fn|%2$s', i, paths[j]) FROM generate_series(1, cardinality(paths)) i, generate_series(i, cardinality(paths)) j))
	WHERE method <> 'other' $$;
SELECT * FROM steps('', 'ui::Window', 'src/app/a.rs', 'lib/ui/b.rs', 'src/app/c.rs', 'src/d.rs', 'lib/e.rs', 'f.rs', 'g.rs');
-- a qualified name asks its qualifier only, and is trusted half as far elsewhere; its own file is a folder like others
SELECT * FROM steps('ui::', 'client::Window', 'lib/ui/b.rs', 'src/app/a.rs', 'src/app/c.rs', 'src/d.rs', 'lib/client.rs', 'lib/f.rs');
SELECT * FROM resolve('rust:fn:walk:./src/a.rs:1-9', 'rust:fn:tree::walk:unknown:0-0', 'rust:fn:walk:./src/a.rs:1-9|function|./src/a.rs', 'rust:fn:walk:./src/b.rs:1-9|method|./lib/b.rs');
SELECT * FROM resolve('rust:fn:walk:./src/tree.rs:1-9', 'rust:fn:tree::walk:unknown:0-0', 'rust:fn:walk:./src/tree.rs:1-9|function|./src/tree.rs');
-- self, Self, this, crate and super say nothing, alone or in front of what does
SELECT * FROM resolve_each('rust:fn:main:./src/a.rs:1-9', '{rust:fn:self.transmit,rust:fn:Self::transmit,rust:fn:this->transmit,rust:fn:crate::transmit,rust:fn:super::super::transmit,rust:fn:::transmit,rust:fn:self.client.transmit,rust:fn:crate::client::transmit,rust:fn:myself.transmit,rust:fn:THIS.transmit}', 'rust:fn:transmit:1|fn|src/a.rs', 'rust:fn:transmit:2|fn|lib/client.rs');
-- an import is not of the file itself: its path says from where, else what the file imports, that path among it
SELECT r.* FROM resolve('rust:fn:main:src/a.rs:1-9', 'rust:module:crate::net::transmit:0-0|Uses', 'rust:fn:transmit:1|fn|src/a.rs', 'rust:struct:transmit:2|struct|lib/net/b.rs', 'rust:fn:transmit:3|fn|lib/net.rs') r;
SELECT r.* FROM resolve('js:fn:main:src/a.js:1-9', 'js:module:client:0-0|Uses', 'js:fn:client:1|fn|src/a.js', 'js:module:client:2|module|lib/client.ts', 'js:const:client:3|const|src/b.js') r;
SELECT r.* FROM resolve('js:fn:main:src/a.js:1-9', 'js:module:./lib/utils.js:0-0|Uses & js:module:../tools/utils:0-0|Uses', 'js:module:utils:1|module|lib/utils.js', 'js:module:utils:2|module|tools/utils.js', 'js:fn:utils:3|fn|src/utils.js') r;
-- an impl is for a type, in the same file first
SELECT r.* FROM resolve('rust:impl:Draw:./src/a.rs:1-9', 'rust:fn:Draw:unknown:0-0|Implements', 'rust:trait:Draw:1|trait|src/a.rs', 'rust:fn:Draw:2|fn|src/a.rs', 'rust:trait:Draw:3|trait|lib/a.rs') r;
-- what is called with its types
SELECT * FROM resolve_each('rust:fn:main:./src/a.rs:1-9', '{rust:fn:ui::draw::<u32>,rust:fn:draw<u32>,rust:fn:ui::draw::<Vec<a::B>>,rust:fn:List<a>::draw,rust:fn:List__lt__a__gt__.draw}', 'rust:fn:draw:1|fn|lib/ui/b.rs', 'rust:fn:draw<u32>:2|fn|lib/c.rs');
-- Rust's own library, in Rust only, and as what a path begins with only; it is not imported from either
SELECT * FROM resolve_each('c:fn:main:src/a.c:1-9', '{rust:fn:std::mem::exchanged,rust:fn:core::mem::exchanged,rust:module:alloc::exchanged:0-0,Rust:fn:std::exchanged,cpp:fn:std::exchanged,rust:fn:crate::std::exchanged,rust:fn:stdx::exchanged,rust:fn:mem::exchanged}', 'rust:fn:exchanged:1|fn|src/std/mem.rs', 'cpp:fn:exchanged:2|fn|lib/std.cpp');
SELECT r.* FROM resolve('rust:fn:main:src/a.rs:1-9', 'rust:fn:exchanged:unknown:0-0 & rust:module:std::mem:0-0|Uses & rust:module:core::ptr:external-dependency-core:0-0|Uses', 'rust:fn:exchanged:1|fn|lib/mem.rs', 'rust:fn:exchanged:2|fn|lib/ptr.rs', 'rust:fn:exchanged:3|fn|src/x.rs') r;
-- languages that call each other
SELECT * FROM resolve_each('rust:fn:main:src/a.rs:1-9', '{c:fn:f,cpp:fn:f,C++:fn:f,objc:fn:f,javascript:fn:f,tsx:fn:f,TypeScript:fn:f,Rust:fn:f,go:fn:f}', 'c:fn:f:1|fn|lib/a.c', 'jsx:fn:f:2|fn|lib/a.jsx', 'rust:fn:f:3|fn|lib/a.rs', 'golang:fn:f:4|fn|lib/a.go');
SELECT given('cpp:fn:main:src/a.cpp:1-9', 'cpp:fn:transmit:unknown:0-0 & cpp:module:client.h:0-0|Uses', 'c:fn:transmit:1|fn|lib/client.c', 'cpp:fn:transmit:2|fn|lib/server.cpp', 'rust:fn:transmit:3|fn|lib/client.rs');
UPDATE pt_gold.pt_entity SET language = 'Objective-C' WHERE key LIKE 'rust:%';
SELECT pt_resolve_references();
SELECT to_key, confidence, method FROM guesses ORDER BY to_key COLLATE "C";
-- paths that give the same file: two files if both tell their folders, one if only one does
SELECT given('c:fn:main:src/net_util.c:1-9', 'c:fn:a:unknown:0-0 & c:fn:b:unknown:0-0 & c:fn:c:unknown:0-0 & c:fn:d:unknown:0-0', 'c:fn:a:1|fn|src/net_util.c|static', 'c:fn:b:1|fn|./src/net/util.c|static', 'c:fn:c:1|fn|_src_net_util_c|static', 'c:fn:d:1|fn|src/net/util_c|static');
INSERT INTO pt_gold.pt_edge (from_key, to_key) SELECT s, to_key FROM unnest(ARRAY['c:fn:main:__src_net_util_c:1-9', 'c:fn:main:src/net/util.c:1-9']) s, pt_gold.pt_edge;
SELECT pt_resolve_references();
SELECT pt_key_path(from_key) AS from_file, string_agg(e.file_path, ' ' ORDER BY e.file_path COLLATE "C") AS files FROM guesses JOIN pt_gold.pt_entity e ON e.key = to_key WHERE method = 'file' GROUP BY from_key ORDER BY from_key COLLATE "C";
-- nothing is known of the file: no file, no folder
SELECT r.* FROM resolve('main', 'c:fn:f:unknown:0-0', 'c:fn:f:1|fn|', 'c:fn:f:2|fn|./', 'c:fn:f:3|fn|a.c') r;
-- a name so common in a file, a module, a folder that nobody knows which is meant: it is not looked for further away
CREATE FUNCTION at_most(max integer) RETURNS TABLE (max_candidates integer, resolved bigint, ambiguous bigint, unresolved bigint, best text) LANGUAGE plpgsql AS $$
DECLARE
	r record := pt_resolve_references(max_candidates => max, alternatives => false);
BEGIN
	RETURN QUERY SELECT max, r.resolved, r.ambiguous, r.unresolved, string_agg(concat_ws(' ', pt_key_name(to_key), split_part(to_key, ':', 4), method, confidence), ', ' ORDER BY to_key COLLATE "C") FROM guesses;
END $$;
SELECT given('rust:fn:main:src/a.rs:1-9', 'rust:fn:a:unknown:0-0 & rust:fn:b:unknown:0-0 & rust:fn:c:unknown:0-0 & rust:fn:d:unknown:0-0 & rust:module:x:external-dependency-x:0-0|Uses',
	VARIADIC ARRAY(SELECT format('rust:%s:%s:%s|%1$s|%4$s', CASE i WHEN 5 THEN 'struct' ELSE 'fn' END, n, i, CASE i WHEN 4 THEN 'lib/z.rs' ELSE path END) FROM (VALUES ('a', 'src/a.rs'), ('b', 'lib/x.rs'), ('c', 'src/b.rs'), ('d', 'src/y/b.rs')) v (n, path), generate_series(1, 5) i));
SELECT r.* FROM unnest(ARRAY[2, 3, 5]) m, LATERAL at_most(m) r;
-- of several modules together, too; types do not count beside a function, functions do beside a type
SELECT given('rust:fn:main:src/a.rs:1-9', 'rust:fn:x::y::fresh:unknown:0-0', 'rust:fn:fresh:1|fn|lib/x.rs', 'rust:fn:fresh:2|fn|lib/x.rs', 'rust:fn:fresh:3|fn|lib/y.rs', 'rust:fn:fresh:4|fn|lib/y.rs', 'rust:fn:fresh:5|fn|y/x.rs|static');
SELECT r.* FROM unnest(ARRAY[3, 4]) m, LATERAL at_most(m) r;
SELECT given('rust:fn:main:src/a.rs:1-9', 'rust:fn:fresh:unknown:0-0', 'rust:fn:fresh:1|fn|src/a.rs', 'rust:struct:fresh:2|struct|src/a.rs', 'rust:struct:fresh:3|struct|src/a.rs');
SELECT r.* FROM unnest(ARRAY[1, 2]) m, LATERAL at_most(m) r;
SELECT given('rust:fn:main:src/a.rs:1-9', 'rust:fn:fresh:unknown:0-0', 'rust:fn:fresh:1|fn|src/a.rs', 'rust:fn:fresh:2|fn|src/a.rs', 'rust:struct:fresh:3|struct|src/a.rs');
SELECT r.* FROM unnest(ARRAY[1, 2]) m, LATERAL at_most(m) r;
-- without alternatives: the same best ones, and what was written of others goes
SELECT given('rust:fn:main:./src/a.rs:1-9', 'rust:fn:fresh:unknown:0-0 & rust:fn:obtain:unknown:0-0', 'rust:fn:fresh:1|fn|src/b.rs', 'rust:fn:fresh:2|fn|lib/b.rs', 'rust:fn:fresh:3|fn|lib/c.rs', 'rust:fn:obtain:4|fn|lib/c.rs', 'rust:fn:obtain:5|fn|lib/c.rs');
SELECT alternatives, r.* FROM unnest(ARRAY[true, false, NULL, false]) WITH ORDINALITY a (alternatives, i), LATERAL pt_resolve_references(NULL, 25, alternatives) r ORDER BY i;
SELECT count(*), count(*) FILTER (WHERE method = 'other') AS others FROM guesses;
-- what the rules are made of
SELECT wanted, string_agg(class, ' ' ORDER BY class) FROM unnest(ARRAY['callable', 'type', 'module', 'value', 'impl', 'any', 'else']) WITH ORDINALITY w (wanted, i), unnest(ARRAY['callable', 'type', 'module', 'value', 'impl', 'file']) class WHERE _parseltongue.pt_class_fits(wanted, class) GROUP BY i, wanted ORDER BY i;
SELECT _parseltongue.pt_class_fits(NULL, 'type'), _parseltongue.pt_class_fits('type', NULL), _parseltongue.pt_class_fits('any', NULL);
SELECT _parseltongue.pt_type_class(t) AS class, string_agg(t, ' ' ORDER BY t COLLATE "C") FROM unnest(ARRAY['fn', 'function', 'method', 'macro', 'test', 'closure', 'struct', 'class', 'enum', 'trait', 'interface', 'typedef', 'mod', 'module', 'namespace', 'package', 'impl', 'file', 'const', 'variable', 'FN', '']) t GROUP BY 1 ORDER BY 1;
SELECT _parseltongue.pt_type_class(NULL), _parseltongue.pt_language_family(NULL) = '' AS no_language, _parseltongue.pt_file_id(NULL);
SELECT _parseltongue.pt_language_family(l) AS family, string_agg(l, ' ' ORDER BY l COLLATE "C") FROM unnest(ARRAY['c', 'C', 'cpp', 'c++', 'C++', 'cc', 'objc', 'Objective-C', 'cs', 'c#', 'js', 'JavaScript', 'jsx', 'ts', 'tsx', 'TypeScript', 'java', 'rust', 'Rust', '']) l GROUP BY 1 ORDER BY min(l COLLATE "C");
SELECT _parseltongue.pt_file_id(p) AS file, string_agg(p, ' ' ORDER BY p COLLATE "C") FROM unnest(ARRAY['./src/main.rs', 'src/main.rs', '__src_main_rs', '/src/main.rs', '../src/main.rs', 'src_main_rs', 'src/main/rs', 'src-main.rs', 'a', './', '', '._/']) p GROUP BY 1 ORDER BY min(p COLLATE "C");
-- a reference belongs to a guess
SELECT state FROM outcome($$INSERT INTO pt_gold.pt_edge (from_key, to_key, reference_key) VALUES ('a', 'b', 'c')$$);
SELECT state FROM outcome($$UPDATE pt_gold.pt_edge SET confidence = NULL WHERE reference_key IS NOT NULL$$);
SELECT state FROM outcome($$INSERT INTO pt_edge (from_key, to_key, reference_key, method) VALUES ('a', 'b', 'c', 'file')$$);

-- what another file imports, of the same number or as unknown, is not this one's
SELECT given('c:fn:main:src/net_util.c:1-9', 'c:fn:transmit:unknown:0-0', 'c:fn:transmit:1|fn|lib/client.c', 'c:fn:transmit:2|fn|lib/server.c');
INSERT INTO pt_gold.pt_edge (from_key, to_key, edge_type) VALUES ('c:fn:two:src/net/util.c:1-9', 'c:module:client.h:0-0', 'Uses'), ('c:fn:three', 'c:module:server.h:0-0', 'Uses'), ('c:fn:four', 'c:fn:transmit:unknown:0-0', 'Calls');
SELECT pt_resolve_references();
SELECT from_key, to_key, confidence, method FROM guesses ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT * FROM resolve('rust:fn:main:src/a.rs:1-9', 'rust:fn:::std::mem::exchanged:unknown:0-0', 'rust:fn:exchanged:1|fn|lib/mem.rs');
-- thousands of a name in as many files, called from thousands that import some
TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
INSERT INTO pt_gold.pt_entity (key, entity_type, file_path) SELECT format('rust:fn:fresh:src/m%s/f%s.rs:1-2', i % 50, i), 'function', format('src/m%s/f%s.rs', i % 50, i) FROM generate_series(1, 2000) i;
INSERT INTO pt_gold.pt_edge (from_key, to_key) SELECT format('rust:fn:c:app/m%s/c%s.rs:1-2', i % 70, i), 'rust:fn:fresh:unknown:0-0' FROM generate_series(1, 2000) i;
INSERT INTO pt_gold.pt_edge (from_key, to_key, edge_type) SELECT format('rust:fn:c:app/m%s/c%s.rs:1-2', i % 70, i), format('rust:module:crate::f%s::T:0-0', (i * 13 + k * 17) % 2000 + 1), 'Uses' FROM generate_series(1, 2000) i, generate_series(1, 8) k;
-- seconds of the processor's time that the session has had: as many on a busy machine
CREATE FUNCTION worked() RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT (f[12]::numeric + f[13]::numeric) / 100 FROM regexp_split_to_array(regexp_replace(pg_read_file('/proc/self/stat', 0, 2000), '.*\) ', ''), ' ') AS f $$;
SELECT worked() AS begun \gset
SELECT * FROM pt_resolve_references();
SELECT worked() - :begun < 5 AS soon;
-- thousands of a name in one file, each called from it, with and without a qualifier
TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
INSERT INTO pt_gold.pt_entity (key, entity_type, file_path) SELECT format('rust:fn:fresh:src/a.rs:%s-%s', i, i), 'function', 'src/a.rs' FROM generate_series(1, 2000) i;
INSERT INTO pt_gold.pt_edge (from_key, to_key) SELECT format('rust:fn:fresh:src/a.rs:%s-%s', i, i), format('rust:fn:%sfresh:unknown:0-0', q) FROM generate_series(1, 2000) i, LATERAL (VALUES (''), ('T' || i || '::')) q (q);
SELECT worked() AS begun \gset
SELECT * FROM pt_resolve_references();
SELECT worked() - :begun < 10 AS soon;


-- What is handed over or stored may be a function, or a variable: of that nothing is left open, and nothing is imported by its name.
TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
INSERT INTO pt_gold.pt_entity (key, entity_type, file_path) VALUES ('c:fn:main:src/main.c:1-9', 'function', 'src/main.c'), ('c:fn:on_int:lib/signals.c:1-9', 'function', 'lib/signals.c'),
	('c:fn:stop:lib/level.c:1-9', 'function', 'lib/level.c'), ('c:fn:stop:lib/other.c:1-9', 'function', 'lib/other.c'),
	('cpp:fn:draw:src/view.cc:1-9', 'function', 'src/view.cc'), ('cpp:method:width:src/window.cc:1-9', 'method', 'src/window.cc'), ('cpp:fn:hide:src/window.cc:20-29', 'function', 'src/window.cc'), ('cpp:class:Window:src/window.cc:1-40', 'class', 'src/window.cc');
INSERT INTO pt_gold.pt_edge (from_key, to_key, edge_type) SELECT 'c:fn:main:src/main.c:1-9', format('c:fn:%s:unresolved-reference:0-0', name), type FROM (VALUES ('on_int', 'Uses'), ('level', 'Uses'), ('unheard', 'Calls'), ('stop', 'Calls')) AS e (name, type);
INSERT INTO pt_gold.pt_edge (from_key, to_key, edge_type) SELECT 'cpp:fn:draw:src/view.cc:1-9', format('cpp:fn:%s:unresolved-reference:0-0', name), 'Uses' FROM unnest('{width,hide,Window}'::text[]) AS name;
SELECT reference_edges, resolved, ambiguous, unresolved FROM pt_resolve_references();
SELECT to_key, edge_type, confidence, method FROM pt_gold.pt_edge WHERE reference_key IS NOT NULL ORDER BY to_key COLLATE "C";

-- ---------------------------------------------------------------------------
-- The rules once more: every pair of a reference and an entity, judged by itself.
-- ---------------------------------------------------------------------------
CREATE FUNCTION class_of(type text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE WHEN type IN ('fn', 'function', 'method', 'macro', 'test') THEN 'callable' WHEN type IN ('struct', 'class', 'enum', 'trait', 'interface') THEN 'type'
		WHEN type IN ('mod', 'module') THEN 'module' WHEN type IN ('impl', 'file') THEN type ELSE 'value' END $$;
CREATE FUNCTION family_of(language text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT CASE WHEN language IN ('js', 'ts', 'TypeScript') THEN 'js' ELSE lower(language) END $$;
CREATE FUNCTION folder_of(path text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT substring(regexp_replace(path, '^[./]+', '') FROM '^(.*)/[^/]*$') $$;	-- NULL: unknown
CREATE FUNCTION file_of(path text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT nullif(regexp_replace(regexp_replace(path, '^[./_]+', ''), '[./]', '_', 'g'), '') $$;	-- NULL: unknown
CREATE FUNCTION folders_in_common(a text, b text) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
	SELECT count(*) FROM generate_series(1, 9) n WHERE split_part(a, '/', n) <> '' AND (string_to_array(a, '/'))[:n] = (string_to_array(b, '/'))[:n] AND split_part(b, '/', n) <> '' $$;
CREATE FUNCTION modules_of(path text) RETURNS text[] IMMUTABLE LANGUAGE sql AS $$	-- the names that a module can have which is this file
	SELECT ARRAY[folder, CASE WHEN stem IN ('mod', 'lib', 'index', '__init__', 'main') AND folder IS NOT NULL THEN folder ELSE stem END]
	FROM (SELECT substring(folder_of(path) FROM '[^/]*$'), regexp_replace(substring(path FROM '[^/]*$'), '(.)\.[^.]*$', '\1')) x (folder, stem) $$;
CREATE FUNCTION parts_of(name text, language text) RETURNS text[] IMMUTABLE LANGUAGE sql AS $$ SELECT string_to_array(replace(replace(replace(_parseltongue.pt_match_qualifier(name, language), '::', '/'), '->', '/'), '.', '/'), '/') || _parseltongue.pt_match_name(name, language) $$;
CREATE FUNCTION trust_in(how text, qualified boolean) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$
	SELECT round(CASE how WHEN 'file' THEN 0.95 WHEN 'import' THEN 0.9 WHEN 'folder' THEN 0.8 WHEN 'unique' THEN 0.75 WHEN 'nearest' THEN 0.6 WHEN 'self' THEN 0.5 END * CASE WHEN qualified AND how <> 'import' THEN 0.5 ELSE 1 END, 2) $$;
CREATE FUNCTION expected(edges regclass, max integer, alternatives boolean DEFAULT true)
RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	entities text := (SELECT format('%I.pt_entity', nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = edges);
BEGIN
	DROP TABLE IF EXISTS fact, ent, imported, ref, pair, answer;
	EXECUTE format('CREATE TEMP TABLE fact AS SELECT * FROM %s WHERE confidence IS NULL', edges);
	EXECUTE format($q$CREATE TEMP TABLE ent AS
		SELECT key, family_of(coalesce(language, pt_key_language(key))) AS language, class_of(coalesce(entity_type, split_part(key, ':', 2))) AS class, coalesce(entity_type, split_part(key, ':', 2)) = 'method' AS is_method, _parseltongue.pt_match_name(coalesce(name, pt_key_name(key)), coalesce(language, pt_key_language(key))) AS name,
			coalesce(file_path, pt_key_path(key), '') AS path, properties @> '{"linkage": "static"}' AS hidden
		FROM (SELECT key, name, entity_type, language, file_path, properties FROM %s
			UNION ALL SELECT DISTINCT from_key, NULL, NULL, NULL, NULL, '{}'::jsonb FROM fact WHERE from_key NOT IN (SELECT key FROM %1$s)) e
		WHERE pt_key_kind(key) IN ('local', 'file')$q$, entities);
	ALTER TABLE ent ADD file text, ADD folder text, ADD modules text[];
	UPDATE ent SET file = file_of(path), folder = folder_of(path), modules = modules_of(path);
	ANALYZE ent;
	CREATE TEMP TABLE imported AS SELECT s.file, s.folder, s.language, p.part FROM fact f JOIN ent s ON s.key = f.from_key, unnest(parts_of(pt_key_name(f.to_key), pt_key_language(f.to_key))) p (part)
		WHERE f.edge_type = 'Uses' AND pt_key_kind(f.to_key) IN ('unresolved', 'import', 'external') AND NOT (pt_key_kind(f.to_key) = 'unresolved' AND class_of(split_part(f.to_key, ':', 2)) = 'callable') AND NOT (s.language = 'rust' AND pt_key_name(f.to_key) ~ '^(::)?(std|core|alloc)::') AND part NOT IN ('', 'crate', 'self', 'super', 'src');
	CREATE TEMP TABLE ref AS
		SELECT row_number() OVER () AS ref, f.from_key, f.to_key, f.edge_type, f.source_location, s.file, s.folder, family_of(pt_key_language(f.to_key)) AS language, _parseltongue.pt_match_name(pt_key_name(f.to_key), pt_key_language(f.to_key)) AS name,
			CASE WHEN f.edge_type = 'Implements' THEN 'type' WHEN pt_key_kind(f.to_key) = 'import' THEN 'any' ELSE replace(class_of(split_part(f.to_key, ':', 2)), 'file', 'value') END AS wanted,
			ARRAY(SELECT p FROM unnest(trim_array(parts_of(pt_key_name(f.to_key), pt_key_language(f.to_key)), 1)) p WHERE p NOT IN ('', 'self', 'Self', 'this', 'crate', 'super')) AS qualifier
		FROM fact f JOIN ent s ON s.key = f.from_key
		WHERE pt_key_kind(f.to_key) IN ('unresolved', 'import') AND NOT (pt_key_name(f.to_key) ~ '^(::)?(std|core|alloc)::' AND pt_key_language(f.to_key) ILIKE 'rust');
	ALTER TABLE ref ADD modules text[];		-- where it may come from
	UPDATE ref SET modules = CASE WHEN qualifier <> '{}' THEN qualifier ELSE ARRAY(SELECT part FROM imported i WHERE i.file = ref.file AND coalesce(i.folder = ref.folder, true) AND i.language = ref.language) END;
	ANALYZE ref;
	CREATE TEMP TABLE pair AS
		SELECT r.ref, r.from_key, r.wanted, e.key, e.class, folders_in_common(r.folder, e.folder) AS distance,
			CASE WHEN qualifier = '{}' AND r.wanted <> 'any' AND r.file = e.file AND coalesce(r.folder = e.folder, true) THEN 1
				WHEN hidden THEN 9 WHEN r.modules && e.modules THEN 2 WHEN r.folder = e.folder THEN 3 ELSE 4 END AS rank
		FROM ref r JOIN ent e ON e.language = r.language AND e.name = r.name
		WHERE e.class NOT IN ('impl', 'file') AND CASE r.wanted WHEN 'any' THEN true WHEN 'callable' THEN e.class IN ('callable', 'type') ELSE e.class = r.wanted END;
	CREATE INDEX ON pair (ref);
	ANALYZE pair;
	-- as near as nothing else; then functions before types, and one kind of thing only where nothing but distance tells them apart
	DELETE FROM pair WHERE rank = 9;
	ALTER TABLE pair ADD best boolean;
	UPDATE pair p SET best = NOT EXISTS (SELECT FROM pair o WHERE o.ref = p.ref AND (o.rank < p.rank OR o.rank = p.rank AND p.rank = 4 AND (o.distance > p.distance OR o.distance = p.distance AND o.class COLLATE "C" < p.class COLLATE "C")));
	DELETE FROM pair p WHERE class = 'type' AND wanted = 'callable' AND EXISTS (SELECT FROM pair o WHERE o.ref = p.ref AND o.best AND o.class = 'callable');
	CREATE TEMP TABLE answer AS
		SELECT r.*, count(*) AS best, CASE WHEN bool_and(key = r.from_key) THEN 'self' WHEN min(rank) = 1 THEN 'file' WHEN min(rank) = 2 THEN 'import' WHEN min(rank) = 3 THEN 'folder'
				WHEN (SELECT count(*) FROM pair o WHERE o.ref = r.ref AND o.class = min(pair.class)) = 1 THEN 'unique' ELSE 'nearest' END AS how
		FROM ref r JOIN pair USING (ref) WHERE pair.best GROUP BY r.ref, r.from_key, r.to_key, r.edge_type, r.source_location, r.file, r.folder, r.language, r.name, r.wanted, r.qualifier, r.modules HAVING count(*) <= max;
	-- a method is not handed over by its name alone
	DELETE FROM pair USING ref r, ent e WHERE pair.ref = r.ref AND pair.key = e.key AND is_method AND r.edge_type = 'Uses' AND r.wanted = 'callable' AND r.qualifier = '{}';
	UPDATE answer a SET (best, how) = (SELECT count(*), CASE WHEN bool_and(key = a.from_key) THEN 'self' ELSE a.how END FROM pair WHERE pair.ref = a.ref AND pair.best);
	DELETE FROM answer WHERE best = 0;
	RETURN QUERY
	SELECT DISTINCT ON (from_key COLLATE "C", key COLLATE "C", edge_type COLLATE "C") from_key, key, edge_type || ' (resolved)', source_location, share::numeric(3,2), how, to_key
	FROM (
		SELECT a.from_key, p.key, a.edge_type, a.source_location, how, a.to_key, greatest(round(trust / a.best, 2), 0.01) AS share
		FROM answer a JOIN pair p USING (ref), LATERAL trust_in(how, a.qualifier <> '{}') trust
		WHERE p.best
		UNION ALL
		SELECT a.from_key, p.key, a.edge_type, a.source_location, 'other', a.to_key, greatest(round(least((1 - trust) / count(*) OVER (PARTITION BY a.ref), trust / a.best), 2), 0.01)
		FROM answer a JOIN pair p USING (ref), LATERAL trust_in(how, a.qualifier <> '{}') trust
		-- not where the whole graph has too much of the name, of whatever kind
		WHERE alternatives AND NOT p.best AND (SELECT count(*) FROM ent WHERE ent.name = a.name AND ent.language = a.language AND NOT hidden AND class NOT IN ('impl', 'file')) <= max
	) g ORDER BY from_key COLLATE "C", key COLLATE "C", edge_type COLLATE "C", share DESC, to_key COLLATE "C";
END $$;
CREATE FUNCTION differences(edges regclass, max integer DEFAULT 25, alternatives boolean DEFAULT true) RETURNS TABLE (what text, from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TEMP TABLE there AS SELECT from_key, to_key, edge_type, source_location, confidence, method, reference_key FROM %s WHERE reference_key IS NOT NULL', edges);
	CREATE TEMP TABLE should AS SELECT * FROM expected(edges, max, alternatives);
	RETURN QUERY (SELECT 'missing', s.* FROM (SELECT * FROM should EXCEPT ALL SELECT * FROM there) s ORDER BY 2, 3 LIMIT 4)
		UNION ALL (SELECT 'surplus', s.* FROM (SELECT * FROM there EXCEPT ALL SELECT * FROM should) s ORDER BY 2, 3 LIMIT 4);
	DROP TABLE there, should;
END $$;

-- A random codebase: names, folders and files are few, so that all of it happens.
CREATE FUNCTION random_codebase(seed double precision, entities integer, edges integer, graph text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	EXECUTE format('TRUNCATE %1$I.pt_entity, %1$I.pt_edge', graph);
	CREATE TEMP TABLE made AS
		SELECT i, (ARRAY['rust', 'rust', 'rust', 'Rust', 'js', 'ts'])[1 + floor(random() * 6)] AS language, (ARRAY['fn', 'fn', 'fn', 'method', 'struct', 'trait', 'impl', 'mod', 'const', 'file', 'struct'])[1 + floor(random() * 11)] AS type,
			(ARRAY['fresh', 'dissect', 'rush', 'Thing', 'List<string>', 'List__lt__string__gt__', 'obtain', 'client', 'net', 'ui::draw', 'draw', 'deep', 'obtain'])[1 + floor(random() * 13)] AS name,
			(ARRAY['', 'src/', 'src/', 'src/net/', 'src/net/', 'src/net/deep/', 'src/ui/', 'lib/', 'lib/net/', 'src/net_'])[1 + floor(random() * 10)] || (ARRAY['main', 'mod', 'client', 'a', 'b', 'lib', '__init__', 'draw'])[1 + floor(random() * 8)] || '.rs' AS path,
			random() AS spelling, random() AS rest
		FROM generate_series(1, entities) i;
	ALTER TABLE made ADD key text;
	UPDATE made SET key = CASE WHEN type = 'file' THEN format('%s:file:%s:%s-%s', language, path, i, i)
		ELSE format('%s:%s:%s:%s:%s-%s', language, type, name, CASE WHEN spelling < 0.4 THEN path WHEN spelling < 0.7 THEN './' || path ELSE '__' || replace(replace(path, '/', '_'), '.', '_') END, i, i + 5) END;
	-- some are entities by their row only, some by their key only
	EXECUTE format($q$INSERT INTO %I.pt_entity (key, name, entity_type, language, file_path, properties)
		SELECT key, CASE WHEN rest < 0.5 THEN name END, CASE WHEN rest < 0.7 THEN CASE type WHEN 'fn' THEN 'function' WHEN 'const' THEN 'constant' ELSE type END END, CASE WHEN rest < 0.6 THEN language END,
			CASE WHEN rest < 0.3 THEN path WHEN rest < 0.6 THEN './' || path END, CASE WHEN spelling > 0.3 AND spelling < 0.4 THEN '{"linkage": "static"}' ELSE '{}' END::jsonb
		FROM made WHERE rest < 0.9$q$, graph);
	EXECUTE format($q$INSERT INTO %I.pt_edge (from_key, to_key, edge_type, source_location)
		SELECT m.key, t.key, (ARRAY['Calls', 'Calls', 'Calls', 'Uses', 'Implements'])[k], 'at:' || e
		FROM (SELECT e, 1 + floor(random() * %s)::integer AS s, 1 + floor(random() * %s)::integer AS t, random() AS r1, random() AS r2, 1 + floor(random() * 5)::integer AS k FROM generate_series(1, %s) e) e
			JOIN made m ON m.i = e.s JOIN made o ON o.i = e.t, LATERAL (SELECT CASE
				WHEN r1 < 0.45 THEN format('%%s:%%s:%%s:%%s:0-0', m.language, CASE WHEN r2 < 0.8 THEN 'fn' ELSE o.type END, o.name, CASE WHEN r2 < 0.5 THEN 'unresolved-reference' ELSE 'unknown' END)
				WHEN r1 < 0.60 THEN format('%%s:fn:%%s::%%s:unresolved-reference:0-0', m.language, (ARRAY['net', 'client', 'crate', 'deep', 'nowhere', 'Thing', 'Self', 'self', 'super::net', 'this', 'std', 'crate::std', 'core::net'])[1 + floor(r2 * 13)], o.name)
				WHEN r1 < 0.85 THEN format('%%s:module:%%s:0-0', m.language, (ARRAY['crate::net', 'client::obtain', 'std::obtain', 'draw', 'Thing', 'lib', 'std::client', 'super::deep::Thing', './net/client', '../ui.draw', 'fresh'])[1 + floor(r2 * 11)])
				WHEN r1 < 0.9 THEN format('%%s:module:fresh:external-dependency-net:0-0', m.language)
				ELSE o.key END) t (key)
		ON CONFLICT DO NOTHING$q$, graph, entities, entities, edges);
	DROP TABLE made;
END $$;
SELECT pt_create_codebase('pt_wild');
CREATE FUNCTION try(seed double precision, entities integer, edges integer, max integer, alternatives boolean) RETURNS TABLE (resolution text, missing_or_surplus bigint, methods text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	PERFORM random_codebase(seed, entities, edges, 'pt_wild');
	resolution := pt_resolve_references('pt_wild.pt_edge', max, alternatives)::text;
	SELECT count(*) INTO missing_or_surplus FROM differences('pt_wild.pt_edge', max, alternatives);
	SELECT string_agg(method || ' ' || n, ', ' ORDER BY method) INTO methods FROM (SELECT method, count(*) AS n FROM pt_wild.pt_edge WHERE reference_key IS NOT NULL GROUP BY method) m;
	RETURN NEXT;
END $$;
SELECT s.seed, s.entities, s.edges, s.max, s.alternatives, t.* FROM (VALUES (0.31, 60, 120, 25, true), (0.32, 150, 150, 25, true), (0.33, 150, 200, 3, true), (0.34, 30, 200, 2, true), (0.35, 250, 80, 25, false), (0.36, 120, 150, 1, true), (0.37, 400, 400, 8, true), (0.38, 20, 100, 5, false), (0.065, 75, 125, 10, true)) s (seed, entities, edges, max, alternatives), LATERAL try(seed, entities, edges, max, alternatives) t;
SELECT random_codebase(0.39, 200, 500, 'pt_wild');
SELECT pt_resolve_references('pt_wild.pt_edge');
SELECT * FROM differences('pt_wild.pt_edge');
SELECT pt_resolve_references('pt_wild.pt_edge', 4, false);
SELECT * FROM differences('pt_wild.pt_edge', 4, false);
SELECT pt_resolve_references('pt_wild.pt_edge');
-- every method is among them, and the shares are no more than there is
SELECT method, count(*) > 3 AS some FROM pt_wild.pt_edge WHERE confidence IS NOT NULL GROUP BY method ORDER BY method;
SELECT count(*) AS too_much FROM (SELECT sum(confidence) AS sum, count(*) AS n FROM pt_wild.pt_edge WHERE confidence IS NOT NULL GROUP BY from_key, reference_key, edge_type) s WHERE sum > 1 + n * 0.01;
SELECT count(*) AS too_sure FROM pt_wild.pt_edge o JOIN pt_wild.pt_edge b USING (from_key, edge_type, reference_key) WHERE o.method = 'other' AND b.method <> 'other' AND o.confidence > b.confidence;
SELECT * FROM pt_check_index('pt_wild.pt_edge_adjacency');

-- ---------------------------------------------------------------------------
-- Again, and after changes.
-- ---------------------------------------------------------------------------
SELECT random_codebase(0.41, 120, 150, 'pt_wild');
SET parseltongue.graph = 'pt_wild.pt_edge';
-- what a user wrote: guesses of their own, and facts that look like guesses
INSERT INTO pt_wild.pt_edge (from_key, to_key, edge_type, source_location, confidence, method)
	SELECT from_key, to_key, edge_type, 'mine', 0.33, 'mine' FROM (SELECT *, row_number() OVER (ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") AS n FROM expected('pt_wild.pt_edge', 25)) e WHERE n % 10 = 0;
INSERT INTO pt_wild.pt_edge (from_key, to_key, edge_type, source_location)
	SELECT from_key, to_key, edge_type, 'fact' FROM (SELECT *, row_number() OVER (ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") AS n FROM expected('pt_wild.pt_edge', 25)) e WHERE n % 10 = 5;
INSERT INTO pt_wild.pt_edge (from_key, to_key, confidence, method) VALUES ('own', 'guess', 0.5, 'file');
CREATE TABLE own AS SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge;
SELECT count(*) > 10 AS own FROM own WHERE source_location IN ('mine', 'fact');
SELECT * FROM pt_resolve_references();
SELECT count(*) AS own_changed FROM own FULL JOIN (SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge WHERE reference_key IS NULL) n USING (from_key, to_key, edge_type) WHERE (own.x, own.c) IS DISTINCT FROM (n.x, n.c);
SELECT count(*) AS wrong FROM differences('pt_wild.pt_edge') d WHERE NOT EXISTS (SELECT FROM own WHERE (own.from_key, own.to_key, own.edge_type) = (d.from_key, d.to_key, d.edge_type));
-- the second call writes nothing
CREATE TABLE once AS SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge;
SELECT guesses_inserted, guesses_updated, guesses_unchanged = (SELECT guesses_unchanged FROM pt_resolve_references('pt_wild.pt_edge_adjacency')) AS same, guesses_deleted FROM pt_resolve_references();
SELECT count(*) AS written FROM once FULL JOIN (SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge) n USING (from_key, to_key, edge_type) WHERE (once.x, once.c) IS DISTINCT FROM (n.x, n.c);
-- forgotten, all is as it was; resolved again, all is as it was
SELECT pt_forget_resolutions() = (SELECT count(*) FROM once WHERE reference_key IS NOT NULL) AS all_of_them, pt_forget_resolutions() AS none;
SELECT count(*) AS different FROM own FULL JOIN (SELECT *, xmin AS x, ctid AS c FROM pt_wild.pt_edge) n USING (from_key, to_key, edge_type) WHERE (own.x, own.c) IS DISTINCT FROM (n.x, n.c);
SELECT guesses_inserted > 0 AS written FROM pt_resolve_references();
SELECT count(*) AS different FROM (TABLE pt_wild.pt_edge EXCEPT ALL SELECT from_key, to_key, edge_type, source_location, confidence, method, reference_key FROM once) d;
DELETE FROM pt_wild.pt_edge WHERE source_location IN ('mine', 'fact') OR from_key = 'own';
SELECT guesses_inserted > 10 AS inserted, guesses_updated, guesses_deleted FROM pt_resolve_references();
SELECT * FROM differences('pt_wild.pt_edge');

-- more entities, more edges, fewer of both, others: only what differs is written
CREATE TABLE last (from_key text, to_key text, edge_type text, source_location text, confidence numeric(3,2), method text, reference_key text, x tid);
CREATE FUNCTION change_and_resolve(change text) RETURNS TABLE (deleted boolean, inserted boolean, updated boolean, counts_wrong boolean, rewritten bigint, missing_or_surplus bigint) LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	TRUNCATE last;
	EXECUTE change;
	INSERT INTO last SELECT *, ctid FROM pt_wild.pt_edge WHERE reference_key IS NOT NULL;
	SELECT * INTO r FROM pt_resolve_references();
	deleted := r.guesses_deleted > 0;
	inserted := r.guesses_inserted > 0;
	updated := r.guesses_updated > 0;
	counts_wrong := r.guesses_inserted <> (SELECT count(*) FROM pt_wild.pt_edge e WHERE reference_key IS NOT NULL AND NOT EXISTS (SELECT FROM last l WHERE (l.from_key, l.to_key, l.edge_type) = (e.from_key, e.to_key, e.edge_type)))
		OR r.guesses_deleted <> (SELECT count(*) FROM last l WHERE NOT EXISTS (SELECT FROM pt_wild.pt_edge e WHERE (l.from_key, l.to_key, l.edge_type) = (e.from_key, e.to_key, e.edge_type)))
		OR r.guesses_inserted + r.guesses_updated + r.guesses_unchanged <> (SELECT count(*) FROM pt_wild.pt_edge WHERE reference_key IS NOT NULL)
		OR r.reference_edges <> r.resolved + r.ambiguous + r.unresolved;
	SELECT count(*) INTO rewritten FROM last l JOIN (SELECT *, ctid AS x FROM pt_wild.pt_edge) e USING (from_key, to_key, edge_type)
		WHERE (l.x <> e.x) IS DISTINCT FROM ((l.source_location, l.confidence, l.method, l.reference_key) IS DISTINCT FROM (e.source_location, e.confidence, e.method, e.reference_key));
	SELECT count(*) INTO missing_or_surplus FROM differences('pt_wild.pt_edge');
	-- of what is handed over only that counts which means something
	counts_wrong := counts_wrong OR r.reference_edges <> (SELECT count(*) FROM ref WHERE NOT (edge_type = 'Uses' AND wanted = 'callable') OR EXISTS (SELECT FROM answer a WHERE a.ref = ref.ref));
	RETURN NEXT;
END $$;
SELECT * FROM change_and_resolve($$INSERT INTO pt_wild.pt_entity (key, entity_type, file_path) SELECT format('rust:fn:%s:src/fresh.rs:%s-%s', n, i, i), 'function', 'src/fresh.rs' FROM unnest(ARRAY['fresh', 'dissect', 'rush', 'obtain']) WITH ORDINALITY n (n, i)$$);
SELECT * FROM change_and_resolve($$DELETE FROM pt_wild.pt_entity WHERE key LIKE '%:fresh:%'$$);
SELECT * FROM change_and_resolve($$INSERT INTO pt_wild.pt_edge (from_key, to_key) SELECT key, 'rust:fn:obtain:unresolved-reference:0-0' FROM pt_wild.pt_entity WHERE key LIKE 'rust:fn:%' ON CONFLICT DO NOTHING$$);
SELECT * FROM change_and_resolve($$DELETE FROM pt_wild.pt_edge WHERE reference_key IS NULL AND to_key LIKE '%:dissect:%'$$);
SELECT * FROM change_and_resolve($$UPDATE pt_wild.pt_entity SET properties = '{"linkage": "static"}' WHERE key LIKE '%:rush:%'$$);
SELECT * FROM change_and_resolve($$UPDATE pt_wild.pt_edge SET source_location = 'moved' WHERE confidence IS NULL AND to_key LIKE '%:obtain:%'$$);
SELECT * FROM change_and_resolve($$UPDATE pt_wild.pt_edge SET confidence = 0.01, method = 'meddled' WHERE reference_key LIKE '%:obtain:%'$$);
SELECT * FROM change_and_resolve($$DELETE FROM pt_wild.pt_edge WHERE reference_key LIKE '%:obtain:%'$$);
SELECT * FROM change_and_resolve('SELECT 1');
SELECT * FROM change_and_resolve('TRUNCATE pt_wild.pt_entity');
SELECT * FROM change_and_resolve('DELETE FROM pt_wild.pt_edge WHERE confidence IS NULL');
SELECT count(*) FROM pt_wild.pt_edge;

-- the order of rows does not matter
SELECT random_codebase(0.51, 150, 200, 'pt_wild');
SELECT pt_create_codebase('pt_shuffled');
SELECT pt_resolve_references() IS NOT NULL AS done;
CREATE FUNCTION shuffle(seed double precision) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	TRUNCATE pt_shuffled.pt_entity, pt_shuffled.pt_edge;
	INSERT INTO pt_shuffled.pt_entity SELECT * FROM pt_wild.pt_entity ORDER BY random();
	INSERT INTO pt_shuffled.pt_edge SELECT * FROM pt_wild.pt_edge WHERE reference_key IS NULL ORDER BY random();
	PERFORM pt_resolve_references('pt_shuffled.pt_edge');
	RETURN (SELECT count(*) FROM ((TABLE pt_shuffled.pt_edge EXCEPT ALL TABLE pt_wild.pt_edge) UNION ALL (TABLE pt_wild.pt_edge EXCEPT ALL TABLE pt_shuffled.pt_edge)) d);
END $$;
SELECT shuffle(0.1), shuffle(0.2), shuffle(0.3);
ANALYZE pt_shuffled.pt_entity, pt_shuffled.pt_edge;
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT shuffle(0.4);
RESET enable_hashjoin;
RESET enable_nestloop;

-- in transactions: twice in one, rolled back, in a subtransaction, read only
BEGIN;
SELECT pt_forget_resolutions() > 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted, guesses_unchanged FROM pt_resolve_references();
SELECT guesses_inserted, guesses_unchanged > 0 AS unchanged FROM pt_resolve_references();
SAVEPOINT s;
SELECT guesses_inserted FROM pt_resolve_references('pt_gold.pt_edge');
TRUNCATE pt_wild.pt_entity;
SELECT guesses_deleted > 0 AS deleted FROM pt_resolve_references();
ROLLBACK TO s;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();
DELETE FROM pt_wild.pt_edge WHERE confidence IS NULL;
SELECT guesses_deleted > 0 AS deleted FROM pt_resolve_references();
ROLLBACK;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written, guesses_unchanged > 0 AS unchanged FROM pt_resolve_references();
BEGIN READ ONLY;
SELECT * FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_forget_resolutions()');
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT guesses_unchanged > 0 AS unchanged FROM pt_resolve_references();
COMMIT;
-- a table of the name that the guesses have for the statement that writes them is the user's
CREATE TEMP TABLE pt_guess AS SELECT 'mine' AS key;
SELECT pt_forget_resolutions() > 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted FROM pt_resolve_references();
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();
TABLE pt_guess;
DROP TABLE pt_guess;
-- no more memory than there may be; afterwards all is as before
BEGIN;
SELECT count(pt_insert_entity('c:fn:filler_' || i || ':src/filler.c:1-2')) FROM generate_series(1, 2000) AS i;
SET LOCAL parseltongue.local_image_memory = '64kB';
SELECT state, message, hint FROM outcome('SELECT pt_resolve_references()');
ROLLBACK;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();
-- a call within a call
CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.pt_resolve_references(); RETURN NULL; END $$;
CREATE TRIGGER again AFTER INSERT ON pt_wild.pt_edge FOR EACH STATEMENT EXECUTE FUNCTION again();
SELECT * FROM outcome('SELECT pt_resolve_references()');
DROP TRIGGER again ON pt_wild.pt_edge;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();
-- while an error left the last call undone
SELECT state FROM outcome('SELECT pt_resolve_references(max_candidates => 0)');
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0002'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR DELETE ON pt_wild.pt_edge FOR EACH STATEMENT EXECUTE FUNCTION refuse();
SELECT state FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_forget_resolutions()');
DROP TRIGGER refuse ON pt_wild.pt_edge;
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM pt_resolve_references();

-- errors
SELECT c AS call, o.* FROM unnest(ARRAY['pt_resolve_references(max_candidates => NULL)', 'pt_resolve_references(max_candidates => 0)', 'pt_resolve_references(max_candidates => -1)', 'pt_resolve_references(''pg_class'')', 'pt_resolve_references(''pt_wild.pt_entity'')', 'pt_forget_resolutions(''pg_class'')']) WITH ORDINALITY c (c, i),
	LATERAL outcome('SELECT ' || c) o ORDER BY i;
CREATE ROLE regress_pt_resolver;
GRANT USAGE ON SCHEMA pt_wild, pt_resolve TO regress_pt_resolver;
GRANT SELECT ON pt_wild.pt_entity, pt_wild.pt_edge TO regress_pt_resolver;
SET ROLE regress_pt_resolver;
SELECT state FROM outcome('SELECT pt_resolve_references()');
SELECT state FROM outcome('SELECT pt_forget_resolutions()');
RESET ROLE;
GRANT INSERT, UPDATE, DELETE ON pt_wild.pt_edge TO regress_pt_resolver;
SET ROLE regress_pt_resolver;
SELECT pt_forget_resolutions() > 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted FROM pt_resolve_references();
RESET ROLE;
-- whatever the path
CREATE FUNCTION pt_type_class(text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION split_part(text, text, integer) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$;
CREATE FUNCTION equal(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT 1 / 0 = 1 $$;
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = equal);
SET search_path = pt_resolve, pg_catalog, public;
SELECT pt_forget_resolutions() OPERATOR(pg_catalog.>) 0 AS forgotten;
SELECT guesses_inserted > 0 AS inserted FROM pt_resolve_references();
SET search_path = '';
SELECT guesses_inserted + guesses_updated + guesses_deleted AS written FROM public.pt_resolve_references();
SET search_path = pt_resolve, public;
DROP OPERATOR pt_resolve.= (text, text);
DROP FUNCTION pt_resolve.split_part(text, text, integer);
-- keys as long as a btree takes; a guess that would be longer is left out
SELECT given(format('c:fn:%s:a.c:1-2', repeat('x', 1200)), 'c:fn:f:unknown:0-0', format('c:fn:f:%s.c:1-2|function|%s.c', repeat('y', 1300), 'y'), 'c:fn:f:b.c:1-2|function|b.c', format('c:fn:f:%s.c:1-2|function|%s.c', repeat('z', 2000), 'z'));
SELECT resolved, ambiguous, unresolved, guesses_inserted FROM pt_resolve_references('pt_gold.pt_edge');
SELECT left(to_key, 20) AS to_key, length(to_key), confidence, method FROM pt_gold.pt_edge WHERE confidence IS NOT NULL ORDER BY 1;
-- nothing to do
TRUNCATE pt_gold.pt_entity, pt_gold.pt_edge;
SELECT * FROM pt_resolve_references('pt_gold.pt_edge');
SELECT pt_forget_resolutions('pt_gold.pt_edge');

-- ---------------------------------------------------------------------------
-- A small export as Parseltongue writes them: sources and targets have no key
-- in common, so walks find nothing until the references are resolved.
-- ---------------------------------------------------------------------------
RESET parseltongue.graph;
SELECT entities_inserted, entities_rejected, edges_inserted, edges_rejected FROM pt_import($json${
	"export_metadata": {"parseltongue_version": "0.9.7", "total_edges": 13},
	"edges": [
		{"from_key": "rust:fn:main:__crates_app_src_main_rs:10-40", "to_key": "rust:fn:build_cli:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:main:__crates_app_src_main_rs:10-40", "to_key": "rust:fn:rush:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:main:__crates_app_src_main_rs:10-40", "to_key": "rust:fn:unwrap:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:build_cli:__crates_app_src_main_rs:42-60", "to_key": "rust:fn:fresh:unknown:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:rush:__crates_app_src_run_rs:1-30", "to_key": "rust:fn:open:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:rush:__crates_app_src_run_rs:1-30", "to_key": "rust:fn:fresh:unknown:0-0", "edge_type": "Calls"},
		{"from_key": "rust:file:./crates/app/src/rush.rs:1-1", "to_key": "rust:module:storage:0-0", "edge_type": "Uses"},
		{"from_key": "rust:file:./crates/app/src/rush.rs:1-1", "to_key": "rust:module:HashMap:0-0", "edge_type": "Uses"},
		{"from_key": "rust:method:open:__crates_core_src_storage_rs:5-9", "to_key": "rust:fn:connect:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:connect:__crates_core_src_storage_rs:11-20", "to_key": "rust:fn:connect:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:method:open:__crates_ui_src_window_rs:5-9", "to_key": "rust:fn:to_string:unresolved-reference:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:fresh:__crates_ui_src_window_rs:11-12", "to_key": "rust:fn:Parser:external-dependency-clap:0-0", "edge_type": "Calls"},
		{"from_key": "rust:fn:fresh:__crates_core_src_storage_rs:22-24", "to_key": "rust:fn:format:unresolved-reference:0-0", "edge_type": "Calls"}
	]}$json$::jsonb);
SELECT count(*) AS keys_in_common FROM pt_edge a JOIN pt_edge b ON b.to_key = a.from_key;
SELECT count(*) AS with_callers FROM (SELECT DISTINCT from_key FROM pt_edge) s WHERE EXISTS (SELECT FROM pt_blast_radius(from_key));
SELECT * FROM pt_resolve_references();
SELECT from_key, to_key, confidence, method, reference_key FROM pt_edge WHERE reference_key IS NOT NULL ORDER BY from_key COLLATE "C", confidence DESC, to_key COLLATE "C";
SELECT min_confidence, count(*) AS with_callers FROM unnest(ARRAY[NULL, 0, 0.3, 0.5, 0.8, 0.95]) WITH ORDINALITY m (min_confidence, i), (SELECT DISTINCT from_key FROM pt_edge) s
WHERE EXISTS (SELECT FROM pt_blast_radius(from_key, edge_types => '{Calls}', min_confidence => min_confidence)) GROUP BY min_confidence ORDER BY min_confidence NULLS FIRST;
SELECT * FROM pt_blast_radius('rust:fn:connect:__crates_core_src_storage_rs:11-20', NULL, min_confidence => 0.4) ORDER BY distance, key COLLATE "C";
SELECT step, from_key, to_key, edge_type FROM pt_path('rust:fn:main:__crates_app_src_main_rs:10-40', 'rust:fn:connect:__crates_core_src_storage_rs:11-20', min_confidence => 0.3) ORDER BY step;
SELECT pt_forget_resolutions();
TRUNCATE pt_entity, pt_edge, pt_import_rejection;
DROP SCHEMA pt_resolve CASCADE;
DROP OWNED BY regress_pt_resolver;
DROP ROLE regress_pt_resolver;
SELECT pt_drop_codebase('pt_gold'), pt_drop_codebase('pt_wild'), pt_drop_codebase('pt_shuffled');
