--
-- What the text of a key says: every generation of keys.
--
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_keys;
SET search_path = pt_keys, public;

CREATE TABLE sample (i serial, key text);
INSERT INTO sample (key) VALUES
	-- line ranges and birth timestamps
	('rust:fn:main:__src_main_rs:1-10'), ('rust:method:new:./src/types.rs:117-127'), ('c:fn:main:src/main.c:1-20'),
	('rust:fn:handle_auth:__src_auth:T1706284800'),
	-- placeholders
	('rust:fn:build_cli:unresolved-reference:0-0'), ('rust:fn:new:unknown:0-0'), ('rust:module:Parser:external-dependency-clap:0-0'),
	('rust:module:HashMap:0-0'), ('rust:module:super::super:0-0'), ('rust:module:std::fmt:0-0'), ('rust:file:./src/entities.rs:1-1'),
	('python:file:unknown:0-0'),
	-- a marker counts only in its place and before 0-0
	('rust:fn:new:unknown:1-2'), ('rust:fn:unknown:__src_a_rs:0-0'), ('rust:fn:unknown:0-0'), ('rust:fn:a:unresolved-reference'), ('rust:fn:unresolved-reference:0-0'),
	('rust:fn:external-dependency-x:0-0'), ('rust:fn:x:external-dependency-:0-0'), ('rust:fn:x:unknown:0-0:0-0'), ('rust:fn:x:xunknown:0-0'),
	('RUST:FN:X:UNKNOWN:0-0'), ('rust:files:a:1-1'), ('rust:file'),
	-- names with colons, generics, quotes
	('rust:module:parseltongue_core::entities:external-dependency-std::io:0-0'), ('rust:fn:a::b::c:unknown:0-0'), ('js:fn:{a:b}:unresolved-reference:0-0'),
	('cpp:fn:::main:src_a_cpp:1-2'), ('cpp:method:Foo::~Foo:src_a_cpp:1-2'), ('cpp:fn:x:::y:1-2'),
	('rust:impl:List<Vec<Option<T>>>:src/a.rs:1-2'), ('rust:impl:List__lt__string__gt__:src/a.rs:1-2'), ('ts:fn:"a b":x:1-2'), ('ts:fn:it''s\:x:1-2'),
	('c:fn:größe:src/ä.c:1-2'), ('c:fn:🐍::x:unknown:0-0'),
	-- three parts are enough, two are not
	('c:fn:parse'), ('c:fn:'), ('c:fn::x'), ('c::parse:1-2'), (':fn:parse:1-2'), ('c:parse'), ('::'), (':'), (':0-0'), ('a:b:0-0'), ('a:b::0-0'), ('a:b:c:0-0'),
	-- hyphens and a hash
	('src_lib_rs-new_feature-fn-abc12345'), ('__crates_pt02-llm_src_lib_rs-main-fn-00ff00'), ('a-b-c-12345'), ('a-b-c-ABCDEF12'), ('a-b-c-abc12345x'),
	('-b-fn-abc12345'), ('a--fn-abc12345'), ('a-b--abc12345'), ('b-fn-abc12345'), ('a-b-f1-abc12345'), ('a-b-fn-' || repeat('0', 64)), ('a-b-fn-' || repeat('0', 65)),
	('a:b-c-fn-abc12345'),
	-- no form at all
	('main'), (' '), (''), ('http://example.org/x'), ('NULL'), (E'tab\t:\nnewline:x:y');
SELECT replace(replace(left(key, 80), E'\n', '\n'), E'\t', '\t') AS key, pt_key_kind(key), left(pt_key_name(key), 60) AS name, pt_key_language(key)
FROM sample ORDER BY i;
SELECT pt_key_kind(NULL), pt_key_name(NULL), pt_key_language(NULL);
-- the file that a key names, in each way of writing it; none in placeholders and imports
INSERT INTO sample (key) VALUES ('rust:fn:a:src/a.rs'), ('rust:fn:a:src/a.rs:'), ('rust:fn:a::1-2'), ('rust:fn:a:1-2'), ('rust:fn:a:T17'), ('rust:fn:a:T'), ('rust:fn:a:T:T17'), ('rust:fn:a:C:/src/a.rs:1-2'), ('rust:fn:a:-:1-2'), ('rust:fn:a:src/a.rs:1-2:3-4'),
	('rust:fn:a:src/1-2'), ('rust:file:./src/a.rs'), ('rust:file:C:/a.rs:1-1'), ('rust:file::1-1'), ('rust:fn:a:src/a.rs:0-0'), ('rust:fn:a: :1-2'), ('a-b-c-d-fn-abc12345'), ('./src/a.rs-main-fn-abc12345');
SELECT replace(replace(left(key, 80), E'\n', '\n'), E'\t', '\t') AS key, pt_key_path(key) AS path FROM sample WHERE pt_key_path(key) IS NOT NULL ORDER BY i;
SELECT pt_key_kind(key) AS kind, count(*), count(pt_key_path(key)) AS paths FROM sample GROUP BY 1 ORDER BY 1;
SELECT pt_key_path(NULL), _parseltongue.pt_match_name(NULL);
-- what names are compared by: the last part, in the characters that keys may have
SELECT n AS name, _parseltongue.pt_match_name(n) FROM unnest(ARRAY['parse', 'a::b::parse', 'a.b', 'a->b', 'a/b/c', 'a::b.c->d/e', '::main', 'Foo::~Foo', 'x::', 'x.', 'x->', 'x/', 'a.b.', '.', '::', '->', '/', '<', '>', '',
	'List<string>', 'a::List<b::c>', 'a::List<b::c>::d', 'Map<string, List<int>>', 'Map<a,b>', 'Map<a, b.c>', 'f(a, b)', 'x[1]', '{a: 1}', 'a b  c', 'a,, b', 'Vec<fn(a) -> b::c>', 'a->operator->', 'ns::operator<', 'ns::operator<<', '<T as Trait>::name', 'größe.länge', '🐍::x', 'a:b', 'a:::b', 'a-b', 'a>b',
	-- of a path, the file without its extension
	'./utils.js', '../lib/utils', 'lib/utils.test.js', '@scope/pkg', 'react-dom/client', 'lib/.hidden', 'lib/a.', 'a/..', '..', '../..', './a::b', 'a::b/c.d', 'a.b/', 'größe/länge.ts', 'operator/',
	-- without the types it is called with; brackets in either form hide what is in them
	'parse::<u32>', 'a::parse::<Vec<b::c>>', 'a.parse::<b.c>', 'a/b.c::<d>', '<T>::<U>', '::<T>', 'x::<', 'parse<u32>', 'parse:<u32>', 'x->y::<z>', 'parse::__lt__u32__gt__', 'a::parse::__lt__Vec__lt__b::c__gt____gt__', 'parse::<fn(a) -> b>',
	'a::List__lt__b::c__gt__', 'a::List__lt__b::c__gt__::d', 'a.Map__lt__b.c__c__List__lt__d::e__gt____gt__', '__lt__T_as_a::Trait__gt__::name', 'a::__lt__', 'a__lt__b::c', '__lt__', '__gt__', 'Vec<fn(a)->b::c>::new']) WITH ORDINALITY n (n, i) ORDER BY i;
-- each answer is one of five, and a name is part of its key
SELECT count(*) FROM sample WHERE pt_key_kind(key) NOT IN ('local', 'unresolved', 'external', 'import', 'file') OR pt_key_kind(key) IS NULL
	OR strpos(key, pt_key_name(key)) = 0 OR (key <> '' AND pt_key_name(key) = '') OR NOT starts_with(key, coalesce(pt_key_language(key) || ':', ''));
SELECT count(*) FROM sample WHERE strpos(key, pt_key_path(key)) = 0 OR pt_key_path(key) = '' OR pt_key_kind(key) NOT IN ('local', 'file') AND pt_key_path(key) IS NOT NULL
	OR pt_key_name(key) <> '' AND _parseltongue.pt_match_name(pt_key_name(key)) = '' OR _parseltongue.pt_match_name(key) ~ '[][<>{}, ]';
-- a name and what keys make of it are the same name
SELECT n AS name, _parseltongue.pt_match_name(n) AS match_name, _parseltongue.pt_match_name(k) AS of_key FROM (
	SELECT n, replace(replace(replace(replace(replace(replace(replace(replace(replace(n, ', ', ','), ',', '__c__'), '<', '__lt__'), '>', '__gt__'), '[', '__lb__'), ']', '__rb__'), '{', '__lc__'), '}', '__rc__'), ' ', '_') AS k
	FROM unnest(ARRAY['List<string>', 'a::List<string>', 'Map<string, int>', 'a.Map<b, List<c>>', 'x[1]', '{a}', 'List<b::c>', 'a.Map<b.c, d.e>', 'List<b::c>::new', '<T as a::Trait>::name',
		'a::Map<b::c, List<d.e>>', 'a::Map<b::c, List<d.e>>::new', 'parse::<u32>', 'parse::<List<a::B>>', '[a.b]', 'a::{b}', './List<a>', 'a::operator<']) n) v
WHERE _parseltongue.pt_match_name(n) <> _parseltongue.pt_match_name(k) ORDER BY n COLLATE "C";
-- prefixes and suffixes of keys do no harm
SELECT count(*), count(pt_key_kind(k)) + count(pt_key_name(k)) AS answers
FROM sample, generate_series(0, length(key)) n, LATERAL (VALUES (left(key, n)), (right(key, n))) v(k) WHERE length(key) < 100;
SELECT count(*), count(_parseltongue.pt_match_name(k)) AS names, count(*) FILTER (WHERE strpos(k, pt_key_path(k)) = 0 OR pt_key_path(k) = '') AS wrong_paths,
	count(*) FILTER (WHERE _parseltongue.pt_match_name(k) = '' AND k <> '' OR _parseltongue.pt_match_name(k) ~ '[][<>{}, ]') AS wrong_names
FROM sample, generate_series(0, length(key)) n, LATERAL (VALUES (left(key, n)), (right(key, n))) v(k) WHERE length(key) < 100;
-- length costs time, not more than that
SELECT length(pt_key_path(k)), length(_parseltongue.pt_match_name(k))
FROM (VALUES ('a:b:c:' || repeat('x', 1000000)), ('a:b:c' || repeat(':', 1000001) || '1-2'), (repeat('a.', 500000)), (repeat('<', 200000)), (repeat('>', 200000) || '.x'), (repeat('-', 1000000) || 'b-fn-abcdef'), (repeat('a::<', 200000) || repeat('>', 200000)), (repeat('__lt__', 200000)), (repeat('/', 1000000)), (repeat('a/', 500000) || repeat('.', 500000))) v(k);
SELECT pt_key_kind(k), length(pt_key_name(k)), pt_key_language(k)
FROM (VALUES ('a:b:' || repeat('x', 10000000)), ('a:b:' || repeat(':', 10000000) || ':0-0'), (repeat('-', 10000000) || 'abcdef'),
	('a:b:x' || repeat(':external-dependency-', 100000) || ':0-0')) v(k);
-- immutable: in an index, in a generated column
CREATE INDEX ON sample (pt_key_kind(key), pt_key_name(key), pt_key_path(key), _parseltongue.pt_match_name(key));
ALTER TABLE sample ADD kind text GENERATED ALWAYS AS (pt_key_kind(key)) STORED;
SELECT kind, count(*) FROM sample GROUP BY kind ORDER BY kind;
-- what qualifies a name, and the name, are its two halves
SELECT n, _parseltongue.pt_match_qualifier(n) AS qualifier, _parseltongue.pt_match_name(n) AS name
FROM unnest('{std::io::Read,lib/utils.js,./utils.js,x,a->b,operator->,parse::<u32>,"Map<a::B, c>",List__lt__a::b__gt__,"",a.b.}'::text[]) WITH ORDINALITY AS t (n, i) ORDER BY i;
SELECT _parseltongue.pt_match_qualifier(NULL);
-- operators of C++: what looks like a bracket, an arrow or a path in them is none
SELECT n, _parseltongue.pt_match_qualifier(n) AS qualifier, _parseltongue.pt_match_name(n) AS name
FROM unnest(ARRAY['operator<', 'operator>', 'operator/', 'operator/=', 'ns::operator<', 'ns::operator<<', 'ns::operator>', 'ns::operator>>=', 'ns::operator<=>', 'ns::operator/', 'a.b::operator/=', 'x->operator->', 'x->operator->*', 'List<a::b>::operator>', 'List<a::b>::operator<', '::operator/', 'a::b::operator()', 'a::operator[]', 'a::operator,',
	'ns::operator__lt__', 'ns::operator__gt____gt__', 'ns::operator__lb____rb__', 'ns::operator__c__', 'List__lt__a::b__gt__::operator__gt__=',
	-- none
	'myoperator>', 'ns::myoperator>', 'operator', 'ns::operator', 'a::operator.x', './operator/', 'lib/operator/', 'lib/operator/x.js', 'ns::operator bool', 'ns::operator new', 'Foo::operator+<int>', '>', '::<']) WITH ORDINALITY AS t (n, i) ORDER BY i;
SELECT n FROM unnest(ARRAY['ns::operator<', 'ns::operator>>', 'ns::operator->', 'ns::operator[]', 'ns::operator,', 'a::operator<=>', 'List<a::b>::operator>']) n
WHERE _parseltongue.pt_match_name(n) <> _parseltongue.pt_match_name(replace(replace(replace(replace(replace(n, ',', '__c__'), '<', '__lt__'), '>', '__gt__'), '[', '__lb__'), ']', '__rb__'));
SELECT length(_parseltongue.pt_match_name('operator' || repeat('<', 1000000))), length(_parseltongue.pt_match_name(repeat('__gt__', 200000)));
DROP SCHEMA pt_keys CASCADE;
