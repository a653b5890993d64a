/*
 * language.c
 *		The table of languages.
 */
#include "language.h"

#include "queries.h"

#include <string.h>

#define NEEDED(grammar) extern const TSLanguage *grammar(void)

NEEDED(tree_sitter_c);
NEEDED(tree_sitter_cpp);
NEEDED(tree_sitter_python);
NEEDED(tree_sitter_javascript);
NEEDED(tree_sitter_typescript);
NEEDED(tree_sitter_tsx);
NEEDED(tree_sitter_rust);
NEEDED(tree_sitter_go);
NEEDED(tree_sitter_java);
NEEDED(tree_sitter_c_sharp);
NEEDED(tree_sitter_ruby);
NEEDED(tree_sitter_php);
NEEDED(tree_sitter_kotlin);
NEEDED(tree_sitter_swift);
NEEDED(tree_sitter_scala);

#define C_NAMES " size_t ssize_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t intptr_t FILE va_list " \
	"char const double enum float int long short signed static struct union unsigned void __func__ " \
	"bool off_t time_t NULL EOF TRUE FALSE INT_MAX UINT_MAX SIZE_MAX UINT32_MAX UINT64_MAX INT64_MAX INT32_MAX "
#define JAVA_NAMES " String Object Integer Long Boolean Double Float Character Byte Short Void List Map Set Override Deprecated " \
	"Exception RuntimeException Iterable Int Unit Any Array Char Nothing Option Some Seq "

#define SCRIPT_TYPES " Promise Array Record Partial Readonly ReadonlyArray Pick Omit Map Set Date Error RegExp Function " \
	"Object String Number Boolean Uint8Array Iterable Iterator Required Exclude Extract ReturnType Parameters "

/* What a name means that nothing in its file defines or imports. */
#define PYTHON_BUILTINS \
	" abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod " \
	"compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter " \
	"float format frozenset getattr globals hasattr hash help hex id input int isinstance " \
	"issubclass iter len license list locals map max memoryview min next object oct open ord " \
	"pow print property quit range repr reversed round set setattr slice sorted staticmethod " \
	"str sum super tuple type vars zip "
#define SCRIPT_BUILTINS \
	" require parseInt parseFloat isNaN isFinite setTimeout setInterval setImmediate " \
	"clearTimeout clearInterval String Number Boolean Symbol BigInt Array Object Promise Error " \
	"TypeError RangeError Map Set WeakMap WeakSet Date RegExp Proxy fetch structuredClone " \
	"encodeURIComponent decodeURIComponent "
#define GO_BUILTINS \
	" append cap close complex copy delete imag len make new panic print println " \
	"real recover string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32 " \
	"float64 byte rune bool error "
#define RUST_BUILTINS \
	" assert assert_eq assert_ne cfg concat dbg debug_assert debug_assert_eq debug_assert_ne " \
	"eprint eprintln env format format_args include_str matches panic print println stringify " \
	"todo unimplemented unreachable vec write writeln Some Ok Err drop "
#define RUBY_BUILTINS \
	" require require_relative load include extend prepend raise puts print p lambda proc loop " \
	"attr_reader attr_writer attr_accessor private public protected freeze format sprintf rand " \
	"sleep "
#define PHP_BUILTINS \
	" count isset strlen is_array in_array array_map array_filter array_merge array_keys " \
	"array_values sprintf printf implode explode str_replace substr strpos json_encode " \
	"json_decode trim is_null is_string define defined "

const Language languages[] = {
	{"c", " .c .h .y .l ", tree_sitter_c, query_c, "c", "::", C_NAMES, NULL, "", LANGUAGE_C},
	{"cpp", " .cc .cpp .cxx .c++ .C .hh .hpp .hxx .h++ .H .ipp .inl .tcc .tpp .cu .cuh ", tree_sitter_cpp, query_cpp, "cpp", "::", C_NAMES " string vector map ", NULL, " this ", LANGUAGE_C | LANGUAGE_OVERLOADS | LANGUAGE_BINDINGS | LANGUAGE_BLOCKS | LANGUAGE_MEMBERS | LANGUAGE_CXX},
	{"python", " .py .pyi .pyw ", tree_sitter_python, query_python, "python", ".", " str int float bool bytes list dict set tuple object type ", PYTHON_BUILTINS, " self cls super ", LANGUAGE_UNDERSCORE | LANGUAGE_DOCSTRING | LANGUAGE_TEST_NAMES | LANGUAGE_BINDINGS},
	{"javascript", " .js .jsx .mjs .cjs ", tree_sitter_javascript, query_javascript, "javascript", ".", "", SCRIPT_BUILTINS, " this super ", LANGUAGE_BINDINGS},
	{"typescript", " .ts .mts .cts ", tree_sitter_typescript, query_typescript, "typescript", ".", SCRIPT_TYPES, SCRIPT_BUILTINS, " this super ", LANGUAGE_BINDINGS},
	{"typescript", " .tsx ", tree_sitter_tsx, query_tsx, "tsx", ".", SCRIPT_TYPES, SCRIPT_BUILTINS, " this super ", LANGUAGE_BINDINGS},
	{"rust", " .rs ", tree_sitter_rust, query_rust, "rust", "::",
	" Self String Vec Option Result Box Some None Ok Err HashMap Arc Rc Cow Iterator Clone Debug Default Copy Send Sync Fn FnMut FnOnce Sized Into From AsRef ", RUST_BUILTINS, " self Self ", LANGUAGE_PRIVATE | LANGUAGE_ATTRIBUTES},
	{"go", " .go ", tree_sitter_go, query_go, "go", ".",
	" string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 bool byte rune error any comparable complex64 complex128 ", GO_BUILTINS, "", LANGUAGE_UPPERCASE | LANGUAGE_TEST_NAMES | LANGUAGE_BINDINGS | LANGUAGE_BLOCKS | LANGUAGE_FOLDERS},
	{"java", " .java ", tree_sitter_java, query_java, "java", ".", JAVA_NAMES " var ", NULL, " this super ", LANGUAGE_OVERLOADS | LANGUAGE_BINDINGS | LANGUAGE_TYPED},
	{"csharp", " .cs ", tree_sitter_c_sharp, query_csharp, "csharp", ".", JAVA_NAMES " void string int var bool object long double float decimal byte char dynamic Task IEnumerable ", NULL, " this base ", LANGUAGE_PRIVATE | LANGUAGE_INTERFACES | LANGUAGE_OVERLOADS | LANGUAGE_MEMBERS | LANGUAGE_CAPITALS},
	{"ruby", " .rb .rake .gemspec ", tree_sitter_ruby, query_ruby, "ruby", "::", " StandardError String Hash Integer Float ", RUBY_BUILTINS, " self ", LANGUAGE_TEST_NAMES | LANGUAGE_SIGNS | LANGUAGE_MEMBERS},
	{"php", " .php .phtml .inc ", tree_sitter_php, query_php, "php", "\\", " self static parent Exception ", PHP_BUILTINS, " this self static parent ", LANGUAGE_TEST_NAMES | LANGUAGE_MEMBERS},
	{"kotlin", " .kt .kts ", tree_sitter_kotlin, query_kotlin, "kotlin", ".", JAVA_NAMES, NULL, " this super ", LANGUAGE_OVERLOADS | LANGUAGE_MEMBERS},
	{"swift", " .swift ", tree_sitter_swift, query_swift, "swift", ".", JAVA_NAMES " Self Bool Error ", NULL, " self Self super ", LANGUAGE_TEST_NAMES | LANGUAGE_MEMBERS},
	{"scala", " .scala .sc ", tree_sitter_scala, query_scala, "scala", ".", JAVA_NAMES, NULL, " this super ", LANGUAGE_MEMBERS},
};
const int	nlanguages = sizeof(languages) / sizeof(languages[0]);

const char *
ending_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');

	return dot != NULL && dot[1] != '\0' && strlen(dot) <= 12 ? dot : "no ending";
}

static bool
has_word(const char *words, const char *word)
{
	size_t		length = strlen(word);

	for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word))
	{
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
	}
	return false;
}

bool
language_has(const char *words, Span word)
{
	char		copy[64];

	if (word.length == 0 || word.length >= sizeof(copy))
		return false;
	memcpy(copy, word.bytes, word.length);
	copy[word.length] = '\0';
	return has_word(words, copy);
}

const Language *
language_of_path(const char *path)
{
	const char *ending = ending_of(path);

	for (int i = 0; i < nlanguages && *ending == '.'; i++)
	{
		if (has_word(languages[i].endings, ending))
			return &languages[i];
	}
	return NULL;
}

/* Does a line begin with a word that C does not have? */
static bool
looks_like_cpp(Span content)
{
	static const char *const starts[] = {
		"class ", "namespace ", "template <", "template<", "public:", "private:", "protected:",
		"using namespace ", "#include <string>", "#include <vector>", "#include <memory>", "virtual "
	};
	const char *at = content.bytes;
	const char *end = content.bytes + content.length;

	while (at < end)
	{
		const char *newline = memchr(at, '\n', end - at);

		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		{
			if (span_starts((Span) {at, end - at}, starts[i]))
				return true;
		}
		if (newline == NULL)
			break;
		at = newline + 1;
	}
	return false;
}

const Language *
language_of_content(const Language *language, const char *path, Span content)
{
	if (strcmp(ending_of(path), ".h") == 0 && looks_like_cpp(content))
		return language_of_path("x.hpp");
	return language;
}
