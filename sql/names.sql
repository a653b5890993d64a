--
-- Names as languages write them: what qualifies a name and its arguments do not
-- keep a reference from its definition, and what only looks like these does.
--
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_names;
SET search_path = pt_names, public;
SELECT pt_create_codebase('pt_named');
SET parseltongue.graph = 'pt_named.pt_edge';

-- A form of a name in a language, and the name of its definition.
CREATE TABLE form (i serial, language text, form text, definition text);
COPY form (language, form, definition) FROM stdin (DELIMITER '|');
rust|send|send
rust|client::send|send
rust|::client::send|send
rust|crate::net::client::send|send
rust|self.client.send|send
rust|send::<u32>|send
rust|client::send::<Vec<a::B>>|send
rust|Client<T>::send|send
rust|<Client as net::Send>::send|send
rust|<Client<T> as Send>::send|send
rust|Vec<T>|Vec
rust|List__lt__T__gt__|List
rust|HashMap<String, Vec<u8>>|HashMap
rust|r#type|type
rust|ast::r#type|type
rust|println!|println
rust|{closure#0}|{closure#0}
rust|run::{closure#0}|{closure#0}
rust|größe::länge|länge
rs|Box<dyn Fn(a::B) -> c::D>|Box
python|os.path.join|join
python|.sibling.load|load
python|..parent.load|load
python|List[int]|List
python|typing.Dict[str, a.B]|Dict
python|Dict__lb__str__c__int__rb__|Dict
python|Foo.__init__|__init__
python|Foo.bar.<locals>.inner|inner
python|<lambda>|<lambda>
python|Foo.<lambda>|<lambda>
python|数.合計|合計
py|app.io.load|load
javascript|fs.readFile|readFile
javascript|this.#secret|#secret
javascript|a?.b?.c|c
javascript|$scope.$apply|$apply
javascript|[Symbol.iterator]|[Symbol.iterator]
javascript|Foo.[Symbol.iterator]|[Symbol.iterator]
javascript|./lib/utils.js|utils
javascript|lib\\utils.js|utils
javascript|@scope/pkg|pkg
js|Array.prototype.map|map
js|<anonymous>|<anonymous>
typescript|Promise<Map<string, a.B>>|Promise
typescript|api.Client<T>.get<U>|get
typescript|Foo?|Foo
ts|ns.Box<T>|Box
tsx|./App.tsx|App
c|parse|parse
c|ctx->ops->open|open
c|net/util.h|util
c|net\\util.h|util
cpp|std::vector<int>::push_back|push_back
cpp|::ns::f|f
cpp|make_shared<ns::Foo>|make_shared
cpp|ns::max<int, std::less<int>>|max
cpp|Foo::~Foo|~Foo
cpp|~Foo|~Foo
cpp|ns::operator<<|operator<<
cpp|Foo::operator->|operator->
cpp|Foo<T>::operator()|operator()
cpp|Foo::operator[]|operator[]
cpp|operator+<int>|operator+
cpp|Foo::operator bool|operator bool
cpp|Foo::operator std::string|operator std::string
cpp|ns::operator""_km|operator""_km
cpp|Foo::operator new|operator new
cpp|(anonymous namespace)::helper|helper
cpp|ns::(anonymous class)::run|run
cpp|ns::<lambda(int)>|<lambda(int)>
cpp|f(int, std::string)|f
cpp|ns::f(a::B)|f
c++|this->m_x.get|get
cxx|Foo<a::B>::bar<c::D>|bar
java|java.util.List<String>|List
java|com.acme.Foo#bar|bar
java|Foo::new|new
java|Foo.<init>|<init>
java|Outer$Inner|Inner
java|Outer$1|Outer$1
java|Foo.lambda$main$0|lambda$main$0
java|com/acme/Foo|Foo
java|foo(int, String)|foo
java|Map<K, List<V>>.Entry<K, V>|Entry
kotlin|a?.b!!.c|c
kotlin|Foo::bar|bar
kotlin|Foo.Companion.of|of
kotlin|`when it fails`|when it fails
kotlin|FooTest.`a. b`|a. b
kotlin|List<String>?|List
kt|com.acme.load|load
csharp|System.Collections.Generic.List<int>|List
csharp|global::System.Console.WriteLine|WriteLine
csharp|Outer+Inner|Inner
csharp|List`1|List
csharp|@class|class
csharp|Ns.@event|event
csharp|Foo.operator +|operator+
csharp|Foo.operator==|operator==
csharp|~Foo|~Foo
csharp|a?.B|B
c#|Dictionary<string, List<int>>|Dictionary
cs|Foo.Bar<T>(int)|Bar
go|fmt.Println|Println
go|github.com/a/b.Func|Func
go|(*Server).Serve|Serve
go|pkg.(*Server).Serve|Serve
go|*Server|Server
go|Map[string, a.B]|Map
go|List[T].Push|Push
golang|strings.Builder|Builder
ruby|Foo::Bar|Bar
ruby|::Foo|Foo
ruby|Foo#bar|bar
ruby|Foo.bar?|bar?
ruby|Foo#bar!|bar!
ruby|Foo#name=|name=
ruby|Foo#<=>|<=>
ruby|Foo#[]|[]
ruby|Foo#[]=|[]=
ruby|Foo.+|+
ruby|==|==
ruby|Foo::Bar#=~|=~
rb|lib/foo|foo
php|\\App\\Models\\User|User
php|App\Models\User::find|find
php|$this->load|load
php|Foo::$bar|bar
php|$bar|bar
php|$a?->b|b
php|{closure}|{closure}
php|App\\{closure}|{closure}
php|lib/foo.php|foo
swift|Foo.bar|bar
swift|.red|red
swift|Array<Int>|Array
swift|Foo<T>.Bar<U>|Bar
swift|a?.b!.c|c
swift|Foo.==|==
swift|...|...
swift|`default`|default
swift|Foo.`init`|init
swift|init(from:)|init(from:)
swift|String?|String
scala|scala.collection.mutable.Map[K, V]|Map
scala|Foo#Bar|Bar
scala|List.::|::
scala|+=|+=
scala|Foo.`type`|type
scala|apply[T](x)|apply
sql|public.users|users
sql|"public"."My Users"|My Users
sql|dbo.[users]|users
sql|"a.b"|"a.b"
lua|obj:method|method
lua|a.b.c|c
dart|Foo<T>.bar|bar
perl|Foo::Bar->new|new
haskell|Data.Map.insert|insert
haskell|>>=|>>=
elixir|MyApp.Repo.get|get
cobol|A::B|B
rust|<T>::default|default
rust|$crate::util::f|f
rust|a.b.c()|c
python|super().__init__|__init__
python|a.b()|b
python|a.b[0].c|c
javascript|a.b.c()|c
javascript|Foo.prototype.bar|bar
typescript|Array<string>[]|Array
typescript|./x.d.ts|x
go|pkg.Type[T].Method|Method
go|main.(*T).run()|run
c|<stdio.h>|stdio
c|<sys/types.h>|types
c|"util.h"|util
c|util.h|util
c|f()|f
cpp|<vector>|vector
cpp|net/util.hpp|util
cpp|Foo::bar() const|bar
cpp|Foo::bar(int) const &|bar
cpp|Foo::bar(a::B) noexcept override|bar
cpp|Foo::operator()(A, B<C>) const|operator()
cpp|Foo::operator()()|operator()
cpp|Foo::operator+(const Foo&, int) const|operator+
cpp|ns::operator<<(std::ostream&, Foo<A> const&)|operator<<
cpp|Foo::operator bool() const|operator bool
cpp|Foo::operator new(size_t)|operator new
cpp|main::{lambda(int)#1}|{lambda(int)#1}
objc|-[Foo bar:baz:]|bar:baz:
objc|+[Foo new]|new
Objective-C++|-[Foo bar]|bar
java|Foo[]|Foo
java|String...|String
java|com.acme.Foo#bar(int,java.lang.String)|bar
csharp|List<int>[]|List
csharp|Foo.operator +(Foo, Foo)|operator+
ruby|Foo#call()|call
php|$this->foo()|foo
php|?App\\Foo|Foo
php|array<int, Foo>|array
php|Foo[]|Foo
swift|Foo.run()|run
swift|Foo.subscript(_:default:)|subscript(_:default:)
sql|public.f(integer, text)|f
perl|&Foo::bar|bar
elixir|MyApp.Repo.get/2|get
elixir|&Repo.all?/1|all?
haskell|(>>=)|>>=
javascript|Foo#bar|bar
javascript|Foo#bar()|bar
javascript|Foo.#bar|#bar
javascript|Foo~inner|inner
javascript|module:lib/util~Foo#bar|bar
javascript|lib/util.js#bar|bar
javascript|node:fs|fs
javascript|node:fs/promises|promises
typescript|Foo<T>#bar|bar
python|pkg.mod:func|func
python|pkg.mod:Foo.bar|bar
python|pkg.mod:Foo.bar()|bar
python|~pkg.mod.func|func
python|~func|func
python|tests/test_a.py::TestFoo::test_bar[x-1]|test_bar
ruby|Foo.bar|bar
ruby|Foo::Bar.baz|baz
ruby|Foo::Bar#baz(a, b)|baz
ruby|users#index|index
python|os.path.join(a, b)|join
javascript|Foo.bar(a, {b: c})|bar
rust|a::b(c, d)|b
go|pkg.F(a, b)|F
php|Foo::bar($a, 1)|bar
lua|obj:method(a, b)|method
dart|Foo.bar(a, b)|bar
ruby|#bar|bar
php|\\Ns\\Foo::bar|bar
php|\\Ns\\Foo::bar()|bar
php|Ns\\UserController@index|index
php|\\Ns\\Foo::class|Foo
java|pkg.Class#method(int)|method
java|#method(int, String)|method
java|pkg.Class:method(int)|method
java|pkg.Outer$Inner#method(int)|method
java|Foo.class|Foo
kotlin|Foo::class|Foo
kotlin|pkg.Foo::class.java|Foo
csharp|M:Ns.Foo.Bar(System.Int32)|Bar
csharp|T:Foo|Foo
csharp|M:Ns.Foo.Sort``1(``0[])|Sort
csharp|M:Ns.Foo.#ctor|#ctor
cpp|Foo#bar(int)|bar
cpp|Foo<T>#bar|bar
erlang|lists:map/2|map
erlang|pkg:fun|fun
\.
-- the forms that are compared as something else than their definition
SELECT language, form, definition, _parseltongue.pt_match_name(form, language) AS match_name FROM form
WHERE _parseltongue.pt_match_name(form, language) <> _parseltongue.pt_match_name(definition, language) ORDER BY i;
-- the same as keys write them
CREATE FUNCTION in_key(name text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(name, ', ', ','), ',', '__c__'), '<', '__lt__'), '>', '__gt__'), '[', '__lb__'), ']', '__rb__'), '{', '__lc__'), '}', '__rc__'), ' ', '_') $$;
SELECT language, form, _parseltongue.pt_match_name(form, language) AS match_name, _parseltongue.pt_match_name(in_key(form), language) AS of_key FROM form
WHERE _parseltongue.pt_match_name(form, language) <> _parseltongue.pt_match_name(in_key(form), language) AND form !~ '->|[-+*/=<>~]{2}|^.?>|#[[<=]|"' ORDER BY i;
-- name and qualifier are in the form; nothing but a name that is whole is without an end
SELECT form FROM form WHERE NOT starts_with(form, _parseltongue.pt_match_qualifier(form, language)) OR _parseltongue.pt_match_name(form, language) = '';
-- each reference meets its definition: in a codebase of its own, where the definition's language has another name
CREATE TABLE other_name (language text, other text);
INSERT INTO other_name VALUES ('rust', 'Rust'), ('rs', 'rust'), ('python', 'py'), ('py', 'Python'), ('javascript', 'js'), ('js', 'JavaScript'), ('typescript', 'ts'), ('ts', 'TypeScript'), ('tsx', 'typescript'), ('c', 'C'), ('cpp', 'c++'), ('c++', 'CPP'), ('cxx', 'C++'),
	('java', 'Java'), ('kotlin', 'kt'), ('kt', 'Kotlin'), ('csharp', 'c#'), ('c#', 'cs'), ('cs', 'CSharp'), ('go', 'golang'), ('golang', 'Go'), ('ruby', 'rb'), ('rb', 'Ruby'), ('php', 'PHP'), ('swift', 'Swift'), ('scala', 'Scala'), ('sql', 'PostgreSQL'), ('lua', 'Lua'), ('dart', 'Dart'), ('perl', 'pl'), ('haskell', 'hs'), ('elixir', 'ex'), ('objc', 'Objective-C'), ('erlang', 'Erl'), ('Objective-C++', 'objcpp'), ('cobol', 'COBOL');
TRUNCATE pt_named.pt_entity, pt_named.pt_edge;
INSERT INTO pt_named.pt_entity (key, name, entity_type, language, file_path)
SELECT 'definition ' || i, definition, 'function', other, format('lib%s/x', i) FROM form JOIN other_name USING (language);
INSERT INTO pt_named.pt_edge (from_key, to_key)
SELECT format('%s:fn:main%s:lib%s/main:1-9', language, i, i), format('%s:fn:%s:unresolved-reference:0-0', language, form) FROM form;
SELECT references_, resolved, ambiguous, unresolved FROM (SELECT (pt_resolve_references(alternatives => false)).*) AS r (references_, resolved, ambiguous, unresolved, a, b, c, d, e);
-- by folder, as nothing else is there
SELECT f.language, form, definition, e.method, e.to_key FROM form f LEFT JOIN pt_named.pt_edge e ON e.from_key = format('%s:fn:main%s:lib%s/main:1-9', f.language, i, i) AND e.confidence IS NOT NULL
WHERE e.to_key IS DISTINCT FROM 'definition ' || i ORDER BY i;
-- languages under all their names
SELECT _parseltongue.pt_language_family(l) AS family, string_agg(l, ' ' ORDER BY l COLLATE "C") FROM unnest(ARRAY['rust', 'rs', 'RS', 'python', 'py', 'Python3', 'js', 'jsx', 'mjs', 'JavaScript', 'ts', 'tsx', 'TypeScript', 'c', 'h', 'C++', 'cpp', 'cxx', 'cc', 'hpp', 'objc', 'Objective-C++', 'cs', 'c#', 'C#', 'CSharp', 'go', 'Golang', 'rb', 'ruby', 'kt', 'kts', 'Kotlin', 'java', 'php', 'swift', 'scala', 'sql', 'plpgsql', 'klingon', 'Klingon']) l GROUP BY 1 ORDER BY min(_parseltongue.pt_language_family(l) COLLATE "C");
-- length costs time, not more than that
SELECT language, length(_parseltongue.pt_match_name(k, language)) > 0 AS done FROM unnest('{rust,cpp,java,csharp,ruby,php,swift,scala,go,python,sql,lua}'::text[]) language, (VALUES (repeat('a.', 50000)), (repeat('<', 50000)), (repeat('>', 50000)), (repeat('f(', 25000) || repeat(')', 25000)), (repeat('f(a)', 25000)), (repeat('[', 50000) || repeat(']', 50000)), (repeat('a::<', 20000) || repeat('>', 20000)), (repeat('operator', 10000)), (repeat('operator<', 10000)), (repeat('__lt__', 20000) || repeat('__gt__', 20000)), (repeat('`', 50000)), (repeat('#', 50000)), (repeat('lambda$', 10000)), (repeat('"a"', 20000)), (repeat('\', 50000)), (repeat('/a.b', 20000)), (repeat('x+', 50000))) v (k)
GROUP BY language, 2 HAVING NOT bool_and(length(_parseltongue.pt_match_name(k, language)) > 0) ORDER BY 1;
SELECT _parseltongue.pt_match_name(NULL, 'rust'), _parseltongue.pt_match_qualifier(NULL, 'rust'), _parseltongue.pt_match_name('a::b', NULL);
-- what somebody types does not say in which language
SELECT q, _parseltongue.pt_query_name(q) FROM unnest('{Foo#bar,pkg.mod:func,Class.method,"\\Ns\\Class::method",pkg.Class#method(int),User@find,lists:map/2,a->b,this.#x,src/main.rs,bar,bar(int),""}'::text[]) AS q;
-- the forms of the table whose last part is another one in any language
SELECT language, form, definition, q[1] AS last FROM form, _parseltongue.pt_query_name(form) AS q WHERE q[1] <> definition ORDER BY i;
RESET parseltongue.graph;
SELECT pt_drop_codebase('pt_named');
DROP SCHEMA pt_names CASCADE;
