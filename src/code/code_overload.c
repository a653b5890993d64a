/*
 * code_overload.c
 *		Which of several functions of one name a call means, by the types of its
 *		arguments.
 *
 * Each argument has a distance to its parameter: none if the types are the same, a
 * step for each base in between, and far more where Java would look only if nothing
 * else fits: where a value has to become an object or the other way round, and where
 * any number of arguments is taken. The sum decides. What is not known costs the same
 * for all.
 */
#include "postgres.h"

#include "code/code_overload.h"

#define COST_UNKNOWN	30		/* may be, may be not */
#define COST_OBJECT		20		/* anything is that */
#define COST_BOXED		1000
#define COST_ANY_NUMBER 100000

/* in the order in which one becomes the next; a char is no short */
static const char *const numbers[] = {"byte", "short", "int", "long", "float", "double"};
static const char *const boxes[][2] = {
	{"boolean", "Boolean"}, {"byte", "Byte"}, {"short", "Short"}, {"char", "Character"}, {"int", "Integer"},
	{"long", "Long"}, {"float", "Float"}, {"double", "Double"}
};

/* types of Java's library, and all that they are, with blanks between; the nearest first */
static const char *const library[][2] = {
	{"String", "CharSequence Comparable Serializable"},
	{"StringBuilder", "CharSequence Appendable Comparable Serializable"},
	{"StringBuffer", "CharSequence Appendable Comparable Serializable"},
	{"CharBuffer", "CharSequence Appendable Readable Comparable Buffer"},
	{"CharSequence", ""},
	{"Boolean", "Comparable Serializable"},
	{"Character", "Comparable Serializable"},
	{"Byte", "Number Comparable Serializable"},
	{"Short", "Number Comparable Serializable"},
	{"Integer", "Number Comparable Serializable"},
	{"Long", "Number Comparable Serializable"},
	{"Float", "Number Comparable Serializable"},
	{"Double", "Number Comparable Serializable"},
	{"BigInteger", "Number Comparable Serializable"},
	{"BigDecimal", "Number Comparable Serializable"},
	{"Class", "Type AnnotatedElement GenericDeclaration Serializable"},
	{"Method", "Executable Member AnnotatedElement GenericDeclaration AccessibleObject"},
	{"Field", "Member AnnotatedElement AccessibleObject"},
	{"Constructor", "Executable Member AnnotatedElement GenericDeclaration AccessibleObject"},
	{"ArrayList", "List Collection Iterable RandomAccess Serializable AbstractList AbstractCollection"},
	{"LinkedList", "List Deque Queue Collection Iterable Serializable"},
	{"List", "Collection Iterable"},
	{"HashSet", "Set Collection Iterable Serializable AbstractSet AbstractCollection"},
	{"LinkedHashSet", "HashSet Set Collection Iterable Serializable"},
	{"TreeSet", "NavigableSet SortedSet Set Collection Iterable Serializable"},
	{"SortedSet", "Set Collection Iterable"},
	{"Set", "Collection Iterable"},
	{"Queue", "Collection Iterable"},
	{"Deque", "Queue Collection Iterable"},
	{"Collection", "Iterable"},
	{"Iterable", ""},
	{"Iterator", ""},
	{"ListIterator", "Iterator"},
	{"Enumeration", ""},
	{"HashMap", "AbstractMap Map Serializable"},
	{"LinkedHashMap", "HashMap AbstractMap Map Serializable"},
	{"TreeMap", "NavigableMap SortedMap AbstractMap Map Serializable"},
	{"ConcurrentHashMap", "ConcurrentMap AbstractMap Map Serializable"},
	{"Properties", "Hashtable Map"},
	{"SortedMap", "Map"},
	{"Map", ""},
	{"File", "Comparable Serializable"},
	{"Path", "Comparable Iterable Watchable"},
	{"URL", "Serializable"},
	{"URI", "Comparable Serializable"},
	{"Charset", "Comparable"},
	{"Locale", "Serializable"},
	{"Date", "Comparable Serializable"},
	{"Calendar", "Comparable Serializable"},
	{"GregorianCalendar", "Calendar Comparable Serializable"},
	{"TimeZone", "Serializable"},
	{"Instant", "Temporal TemporalAdjuster TemporalAccessor Comparable Serializable"},
	{"Duration", "TemporalAmount Comparable Serializable"},
	{"LocalDateTime", "ChronoLocalDateTime Temporal Comparable Serializable"},
	{"LocalDate", "ChronoLocalDate Temporal Comparable Serializable"},
	{"ZonedDateTime", "ChronoZonedDateTime Temporal Comparable Serializable"},
	{"FileInputStream", "InputStream Closeable AutoCloseable"},
	{"BufferedInputStream", "FilterInputStream InputStream Closeable AutoCloseable"},
	{"ByteArrayInputStream", "InputStream Closeable AutoCloseable"},
	{"FilterInputStream", "InputStream Closeable AutoCloseable"},
	{"InputStream", "Closeable AutoCloseable"},
	{"FileOutputStream", "OutputStream Closeable Flushable AutoCloseable"},
	{"BufferedOutputStream", "FilterOutputStream OutputStream Closeable Flushable AutoCloseable"},
	{"ByteArrayOutputStream", "OutputStream Closeable Flushable AutoCloseable"},
	{"PrintStream", "FilterOutputStream OutputStream Appendable Closeable Flushable AutoCloseable"},
	{"OutputStream", "Closeable Flushable AutoCloseable"},
	{"InputStreamReader", "Reader Readable Closeable AutoCloseable"},
	{"BufferedReader", "Reader Readable Closeable AutoCloseable"},
	{"FileReader", "InputStreamReader Reader Readable Closeable AutoCloseable"},
	{"StringReader", "Reader Readable Closeable AutoCloseable"},
	{"Reader", "Readable Closeable AutoCloseable"},
	{"OutputStreamWriter", "Writer Appendable Closeable Flushable AutoCloseable"},
	{"BufferedWriter", "Writer Appendable Closeable Flushable AutoCloseable"},
	{"FileWriter", "OutputStreamWriter Writer Appendable Closeable Flushable AutoCloseable"},
	{"PrintWriter", "Writer Appendable Closeable Flushable AutoCloseable"},
	{"StringWriter", "Writer Appendable Closeable Flushable AutoCloseable"},
	{"Writer", "Appendable Closeable Flushable AutoCloseable"},
	{"ByteBuffer", "Buffer Comparable"},
	{"IOException", "Exception Throwable Serializable"},
	{"RuntimeException", "Exception Throwable Serializable"},
	{"IllegalArgumentException", "RuntimeException Exception Throwable Serializable"},
	{"IllegalStateException", "RuntimeException Exception Throwable Serializable"},
	{"InterruptedException", "Exception Throwable Serializable"},
	{"Exception", "Throwable Serializable"},
	{"Error", "Throwable Serializable"},
	{"Throwable", "Serializable"},
	{"Thread", "Runnable"}
};

/* What functions of Java's library return that are called most, whatever they are of. */
static const char *const results[][2] = {
	{"int", " length size indexOf lastIndexOf hashCode compareTo compareToIgnoreCase intValue ordinal getModifiers nextInt parseInt "
	"availableProcessors bitCount signum position remaining capacity limit codePointAt "},
	{"long", " longValue currentTimeMillis nanoTime getTime toMillis lastModified parseLong "},
	{"double", " doubleValue parseDouble "},
	{"boolean", " isEmpty equals equalsIgnoreCase contains containsKey containsAll startsWith endsWith hasNext matches exists isFile "
	"isDirectory booleanValue isInstance isArray isPrimitive isInterface isAnnotationPresent isAssignableFrom isEnum isDigit "
	"isLetter isWhitespace "},
	{"char", " charAt charValue "},
	{"String", " toString substring trim toLowerCase toUpperCase replace replaceAll getSimpleName getCanonicalName getAbsolutePath "
	"getPath getMessage getLocalizedMessage concat repeat getProperty nextToken readLine name getName format join "},
	{"Class", " getClass getSuperclass getComponentType getDeclaringClass getReturnType loadClass "},
	{"char[]", " toCharArray "},
	{"byte[]", " getBytes toByteArray "},
	{"String[]", " split "},
	{"Object[]", " toArray "},
	{"Charset", " defaultCharset "},
	{"Path", " toPath resolve getParent getFileName "},
	{"Package", " getPackage "},
	{"Locale", " getDefault "},
	{"Set", " keySet entrySet "}
};

/* Is this one of the words between blanks? Its place among them, from 1; 0 if not. */
static int
place_among(const char *words, PtText word)
{
	int			place = 1;

	for (const char *at = words; *at != '\0'; place++)
	{
		const char *end = strchr(at, ' ');
		int			length = end != NULL ? end - at : strlen(at);

		if (length == word.length && length > 0 && memcmp(at, word.bytes, length) == 0)
			return place;
		at += length + (end != NULL);
	}
	return 0;
}

/* The name of a type without what it stands in. */
static PtText
plain(PtText name)
{
	for (int at = name.length - 1; at > 0; at--)
	{
		if (name.bytes[at - 1] == '.' || name.bytes[at - 1] == ':')
			return (PtText) {name.bytes + at, name.length - at};
	}
	return name;
}

static bool
begins_with(PtText name, const char *start)
{
	int			length = strlen(start);

	return name.length > length && memcmp(name.bytes, start, length) == 0 && name.bytes[length] >= 'A' && name.bytes[length] <= 'Z';
}

PtText
code_overload_library_constant(PtText type, PtText constant)
{
	static const char *const primitives[][2] = {
		{"Integer", "int"}, {"Long", "long"}, {"Double", "double"}, {"Float", "float"}, {"Short", "short"},
		{"Byte", "byte"}, {"Character", "char"}
	};

	for (int i = 0; i < lengthof(primitives) && place_among("MAX_VALUE MIN_VALUE", constant) > 0; i++)
	{
		if (pt_text_is(type, primitives[i][0]))
			return (PtText) {primitives[i][1], strlen(primitives[i][1])};
	}
	return (PtText) {"?", 1};
}

PtText
code_overload_library_result(PtText type, PtText function)
{
	if (place_among("valueOf of getInstance parse create now copyOf fromString", function) > 0)
		return plain(type);
	if (begins_with(function, "is") || begins_with(function, "has"))
		return (PtText) {"boolean", 7};
	for (int i = 0; i < lengthof(results); i++)
	{
		if (place_among(results[i][1], function) > 0)
			return (PtText) {results[i][0], strlen(results[i][0])};
	}
	return (PtText) {"", 0};
}

int
code_overload_split(PtText list, PtText *types)
{
	int			count = 0;
	int			depth = 0;
	int			start = 0;

	for (int at = 0; at <= list.length && count < OVERLOAD_MOST_ARGUMENTS; at++)
	{
		char		c = at < list.length ? list.bytes[at] : ',';

		depth += c == '(';
		depth -= c == ')';
		if (c != ',' || depth > 0)
			continue;
		types[count++] = (PtText) {list.bytes + start, at - start};
		start = at + 1;
	}
	return list.length > 0 ? count : 0;
}

/* ---- types ---- */

/* How many brackets are behind a type, which it loses. */
static int
take_brackets(PtText *name)
{
	int			count = 0;

	for (; name->length > 2 && memcmp(name->bytes + name->length - 2, "[]", 2) == 0; name->length -= 2)
		count++;
	return count;
}

/* The place of a number, -1 if it is none. */
static int
number_of(PtText name)
{
	for (int i = 0; i < lengthof(numbers); i++)
	{
		if (pt_text_is(name, numbers[i]))
			return i;
	}
	return -1;
}

static bool
is_value(PtText name)
{
	return number_of(name) >= 0 || pt_text_is(name, "char") || pt_text_is(name, "boolean");
}

/* From a value to a value. */
static int
widening(PtText from, PtText to)
{
	int			source = pt_text_is(from, "char") ? 1 : number_of(from);
	int			target = number_of(to);

	if (pt_compare_texts(from, to) == 0)
		return 0;
	if (source < 0 || target <= source)
		return OVERLOAD_IMPOSSIBLE;
	return target - source;
}

/* The object that a value becomes, or, turned, the value of an object; an empty text if there is none. */
static PtText
other_form(PtText name, bool to_object)
{
	for (int i = 0; i < lengthof(boxes); i++)
	{
		if (pt_text_is(name, boxes[i][to_object ? 0 : 1]))
			return (PtText) {boxes[i][to_object ? 1 : 0], strlen(boxes[i][to_object ? 1 : 0])};
	}
	return (PtText) {"", 0};
}

/* What a type of the library is; NULL if that is not known here. */
static const char *
library_bases(PtText name)
{
	for (int i = 0; i < lengthof(library); i++)
	{
		if (pt_text_is(name, library[i][0]))
			return library[i][1];
	}
	return NULL;
}

/* From an object to an object. */
static int
object_cost(OverloadType from, OverloadType to, OverloadDistance distance, void *state)
{
	PtText		source = plain(from.name);
	PtText		target = plain(to.name);
	const char *bases;
	int			steps;

	if (pt_text_is(target, "Object"))
		return pt_text_is(source, "Object") ? 0 : COST_OBJECT;
	if (pt_compare_texts(source, target) == 0)
		return 0;
	if (pt_text_is(source, "Object"))
		return OVERLOAD_IMPOSSIBLE;
	bases = library_bases(source);
	if (bases != NULL && place_among(bases, target) > 0)
		return place_among(bases, target);
	/* a final class is nothing else, and those of the library know none of ours */
	if (bases != NULL && (library_bases(target) != NULL || is_value(other_form(source, false)) || pt_text_is(source, "String")))
		return OVERLOAD_IMPOSSIBLE;
	steps = distance(state, from, to);
	return steps == OVERLOAD_UNKNOWN ? COST_UNKNOWN : steps;
}

/* From the type of an argument to that of a parameter. */
static int
cost(OverloadType from, OverloadType to, OverloadDistance distance, void *state)
{
	int			from_brackets;
	int			to_brackets;
	int			steps;

	if (pt_text_is(from.name, "?"))
		return 0;
	if (pt_text_is(to.name, "?"))
		return COST_UNKNOWN;
	to_brackets = take_brackets(&to.name);
	if (pt_text_is(from.name, "null"))
		return to_brackets == 0 && is_value(to.name) ? OVERLOAD_IMPOSSIBLE : 0;
	if (pt_text_is(from.name, "&"))
		return to_brackets > 0 || is_value(to.name) || library_bases(plain(to.name)) != NULL ||
			pt_text_is(to.name, "Object") ? OVERLOAD_IMPOSSIBLE : 0;
	from_brackets = take_brackets(&from.name);
	if (to_brackets > from_brackets)
		return OVERLOAD_IMPOSSIBLE;
	if (from_brackets > to_brackets)
		return pt_text_is(to.name, "Object") || pt_text_is(to.name, "Serializable") || pt_text_is(to.name, "Cloneable") ?
			COST_OBJECT : OVERLOAD_IMPOSSIBLE;
	if (is_value(from.name) && is_value(to.name))
		return from_brackets == 0 || pt_compare_texts(from.name, to.name) == 0 ? widening(from.name, to.name) : OVERLOAD_IMPOSSIBLE;
	if (is_value(from.name) || is_value(to.name))
	{
		bool		to_object = is_value(from.name);

		if (from_brackets > 0)
			return OVERLOAD_IMPOSSIBLE;
		from.name = other_form(plain(from.name), to_object);
		if (from.name.length == 0)
			return OVERLOAD_IMPOSSIBLE;
		steps = to_object ? object_cost(from, to, distance, state) : widening(from.name, to.name);
		return steps < 0 ? steps : steps + COST_BOXED;
	}
	return object_cost(from, to, distance, state);
}

/* To the last parameter, of which there may be any number: all of them in an array, or one by itself. */
static int
last_cost(OverloadType from, OverloadType to, OverloadDistance distance, void *state)
{
	OverloadType element = from;
	int			steps = OVERLOAD_IMPOSSIBLE;

	if (pt_text_is(from.name, "?") || pt_text_is(from.name, "null"))
		return COST_UNKNOWN;
	if (take_brackets(&element.name) > 0)
	{
		element.name.length = from.name.length - 2;
		steps = cost(element, to, distance, state);
	}
	if (steps >= 0)
		return steps;
	steps = cost(from, to, distance, state);
	return steps < 0 ? steps : steps + COST_ANY_NUMBER;
}

int
code_overload_cost(const OverloadType *arguments, int narguments, PtText parameters, uint32 context,
				   OverloadDistance distance, void *state)
{
	PtText		types[OVERLOAD_MOST_ARGUMENTS];
	int			count = code_overload_split(parameters, types);
	bool		any_number = parameters.length > 3 && memcmp(parameters.bytes + parameters.length - 3, "...", 3) == 0;
	int			sum = 0;

	if (count == 0 || (any_number ? narguments < count - 1 : narguments != count))
		return OVERLOAD_IMPOSSIBLE;
	if (any_number)
		types[count - 1].length -= 3;
	if (any_number && narguments != count)
		sum = COST_ANY_NUMBER;
	for (int i = 0; i < narguments; i++)
	{
		OverloadType to = {types[Min(i, count - 1)], context};
		int			steps = any_number && i == count - 1 && narguments == count ?
			last_cost(arguments[i], to, distance, state) : cost(arguments[i], to, distance, state);

		if (steps < 0)
			return OVERLOAD_IMPOSSIBLE;
		sum += steps;
	}
	return sum;
}
