/*
 * code_spelling.c
 *		pt_key_file_bucket, pt_key_bucket, pt_key_buckets, pt_key_fits: are
 *		two keys two spellings of one?
 *
 * Generations of exporters spell the key of one entity in several ways, some of
 * them two ways in one export:
 *
 *	rust:fn:load:__src_io_rs:3-20
 *	rs:function:load:./src/io.rs:3-20
 *	rust:fn:load:__src_io:T1706284800
 *	src_io_rs-load-fn-abc12345
 *	rust|||fn|||io|||load|||src/io.rs|||sig_v3
 *
 * Two keys may be one if what both of them say agrees: language, class of type,
 * name, file, and the place: lines, birth timestamp, hash or discriminator. Of
 * generations that have different places this is all that can be known. It is no
 * equivalence: the third fits the first, and also load in line 90 of the file. So
 * whoever asks must see to it that exactly one entity fits.
 *
 * What __src_a_b_rs stands for is not certain: two paths are compared as such
 * wherever there are two.
 *
 * Looking at all pairs would be quadratic, so keys that may fit have a number in
 * common, a bucket.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "code/code_key.h"
#include "code/code_name.h"
#include "code/code_path.h"
#include "code/code_text.h"
#include "code/code_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_key_file_bucket);
PG_FUNCTION_INFO_V1(pt_key_bucket);
PG_FUNCTION_INFO_V1(pt_key_buckets);
PG_FUNCTION_INFO_V1(pt_key_fits);

/* ways to say which of several things of a name in a file is meant */
typedef enum PlaceKind
{
	PLACE_NONE = 0,
	PLACE_LINES = 1,
	PLACE_STAMP = 2,
	PLACE_HASH = 4,
	PLACE_OTHER = 8
} PlaceKind;

#define MAX_LINE_DIGITS 9

/* FIRST-LAST, two lines; false if a text is something else. */
static bool
parse_lines(PtText place, int *first, int *last)
{
	int		   *line = first;
	int			digits = 0;

	*first = *last = 0;
	for (int i = 0; i < place.length; i++)
	{
		char		c = place.bytes[i];

		if (c == '-' && line == first && digits > 0)
		{
			line = last;
			digits = 0;
		}
		else if (c >= '0' && c <= '9' && ++digits <= MAX_LINE_DIGITS)
			*line = *line * 10 + (c - '0');
		else
			return false;
	}
	return line == last && digits > 0;
}

static PlaceKind
place_kind(PtText place, int *first, int *last)
{
	const char *digits = "0123456789";

	if (place.length == 0)
		return PLACE_NONE;
	if (parse_lines(place, first, last))
		return *first > 0 || *last > 0 ? PLACE_LINES : PLACE_NONE;
	if (place.length > 1 && place.bytes[0] == 'T' &&
		code_consists_of((PtText) {place.bytes + 1, place.length - 1}, digits))
		return PLACE_STAMP;
	if (place.length >= 6 && place.length <= 64 && code_consists_of(place, "0123456789abcdef"))
		return PLACE_HASH;
	return PLACE_OTHER;
}

static uint64
hash_text(PtText text, uint64 seed)
{
	return hash_bytes_extended((const unsigned char *) text.bytes, text.length, seed);
}

static bool
is_separator(char c)
{
	return c == '.' || c == '/' || c == '\\' || c == '_' || c == ':';
}

/* The last word of a text, which is cut before it; empty if it has none. */
static PtText
cut_word(PtText *text)
{
	int			end;

	while (text->length > 0 && is_separator(text->bytes[text->length - 1]))
		text->length--;
	end = text->length;
	while (text->length > 0 && !is_separator(text->bytes[text->length - 1]))
		text->length--;
	return (PtText) {text->bytes + text->length, end - text->length};
}

/*
 * The last two words of a path without its extension: of /src/net/io.rs and
 * __src_net_io_rs, net and io. More of it is not the same in all spellings.
 */
static uint64
hash_path_end(PtText path, uint64 seed)
{
	PtText		word = cut_word(&path);

	if (path.length > 0 && code_is_extension(word))
		word = cut_word(&path);
	seed = hash_text(word, seed);
	return hash_text(cut_word(&path), seed);
}

/* What an unclassified type is compared by, in lower case. */
static uint64
hash_type(PtText type)
{
	MatchClass	class = code_class_of_type(type);
	uint64		hash = class;

	if (class != MATCH_VALUE)
		return hash;
	if (pt_text_is(type, "constant"))
		type.length = strlen("const");
	else if (pt_text_is(type, "variable"))
		type.length = strlen("var");
	for (int i = 0; i < type.length; i++)
		hash = hash * 31 + pg_ascii_tolower((unsigned char) type.bytes[i]);
	return hash;
}

static uint64
hash_lines(int first, int last, uint64 seed)
{
	int			lines[2] = {first, last};

	return hash_bytes_extended((const unsigned char *) lines, sizeof(lines), seed ^ PLACE_LINES);
}

static bool
names_file(const CodeKey *key)
{
	return (key->kind == CODE_KEY_LOCAL || key->kind == CODE_KEY_FILE) && key->path.length > 0;
}

/* That of all keys of files that may be one. */
Datum
pt_key_file_bucket(PG_FUNCTION_ARGS)
{
	CodeKey		key = code_parse_key(code_text_argument(fcinfo, 0));

	if (!names_file(&key))
		PG_RETURN_NULL();
	PG_RETURN_INT64((int64) hash_path_end(key.path, 0));
}

/* The bucket of a key with all that it may fit; false if it names no file. */
static bool
find_bucket(const CodeKey *key, uint64 *bucket)
{
	StringInfoData name;

	if (!names_file(key))
		return false;
	initStringInfo(&name);
	if (key->kind != CODE_KEY_FILE)
		code_match_name(key->name, code_language(key->language), &name);
	*bucket = hash_path_end(key->path, hash_text((PtText) {name.data, name.len},
												 hash_type(key->type)));
	pfree(name.data);
	return true;
}

Datum
pt_key_bucket(PG_FUNCTION_ARGS)
{
	CodeKey		key = code_parse_key(code_text_argument(fcinfo, 0));
	uint64		bucket;

	if (!find_bucket(&key, &bucket))
		PG_RETURN_NULL();
	PG_RETURN_INT64((int64) bucket);
}

/*
 * The numbers of a key: the bucket that it is in with all that it may fit; what
 * kinds of places are known of it, as a mask; and, for each, the bucket that it is
 * in with those of the same place. NULL for a key that names no file. An entity
 * also has a path and lines.
 */
Datum
pt_key_buckets(PG_FUNCTION_ARGS)
{
	CodeKey		key;
	PlaceKind	kind;
	Datum		numbers[4];
	int			count = 2;
	uint64		hash;
	int			first = 0;
	int			last = 0;
	int			mask;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	key = code_parse_key(code_text_argument(fcinfo, 0));
	if (!find_bucket(&key, &hash))
		PG_RETURN_NULL();
	mask = kind = place_kind(key.place, &first, &last);
	if (key.kind == CODE_KEY_FILE)
		mask = kind = PLACE_NONE;
	if (kind == PLACE_LINES)
		numbers[count++] = Int64GetDatum(hash_lines(first, last, hash));
	else if (kind != PLACE_NONE)
		numbers[count++] = Int64GetDatum(hash_text(key.place, hash ^ kind));
	if (kind != PLACE_LINES && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) && PG_GETARG_INT32(1) > 0)
	{
		mask |= PLACE_LINES;
		numbers[count++] = Int64GetDatum(hash_lines(PG_GETARG_INT32(1), PG_GETARG_INT32(2), hash));
	}
	numbers[0] = Int64GetDatum(hash);
	numbers[1] = Int64GetDatum(mask);
	PG_RETURN_ARRAYTYPE_P(construct_array(numbers, count, INT8OID, sizeof(int64),
										  sizeof(Datum) >= sizeof(int64), TYPALIGN_DOUBLE));
}

/* ---- do they fit? ---- */

static bool
same_language(PtText a, PtText b)
{
	const char *family_a;
	const char *family_b;

	if (a.bytes == NULL || b.bytes == NULL)
		return true;
	family_a = code_language(a)->family;
	family_b = code_language(b)->family;
	if (family_a != NULL && family_b != NULL)
		return strcmp(family_a, family_b) == 0;
	return family_a == family_b && a.length == b.length &&
		pg_strncasecmp(a.bytes, b.bytes, a.length) == 0;
}

static bool
same_match_name(PtText a, const CodeLanguage *language_a, PtText b, const CodeLanguage *language_b)
{
	StringInfoData name_a;
	StringInfoData name_b;

	initStringInfo(&name_a);
	initStringInfo(&name_b);
	code_match_name(a, language_a, &name_a);
	code_match_name(b, language_b, &name_b);
	return name_a.len == name_b.len && memcmp(name_a.data, name_b.data, name_a.len) == 0;
}

/* What a name is in: its own qualifier without the separator, or the scope. */
static PtText
qualifier_of(const CodeKey *key, const CodeLanguage *language)
{
	PtText		qualifier = code_match_qualifier(key->name, language);

	while (qualifier.length > 0 && strchr(".:>-#/\\+$", qualifier.bytes[qualifier.length - 1]) != NULL)
		qualifier.length--;
	return qualifier.length > 0 ? qualifier : key->scope;
}

/* Does the place of a key tell it apart within its scope only, as a number of overloads does? */
static bool
is_place_in_scope(const CodeKey *key)
{
	int			first;
	int			last;

	return place_kind(key->place, &first, &last) == PLACE_OTHER;
}

/*
 * The last parts of names, and of what these are in, unless a key does not say
 * or the place is the same: <T as Store>::load and Store::load are one.
 */
static bool
same_name(const CodeKey *a, const CodeKey *b, bool same_place)
{
	const CodeLanguage *language_a = code_language(a->language);
	const CodeLanguage *language_b = code_language(b->language);
	PtText		in_a = qualifier_of(a, language_a);
	PtText		in_b = qualifier_of(b, language_b);

	if (a->kind == CODE_KEY_FILE || b->kind == CODE_KEY_FILE)
		return a->kind == b->kind;
	if (!same_match_name(a->name, language_a, b->name, language_b))
		return false;
	if (same_place && !(is_place_in_scope(a) && is_place_in_scope(b)))
		return true;
	return in_a.length == 0 || in_b.length == 0 || same_match_name(in_a, language_a, in_b, language_b);
}

/* Are two paths one? One of them may lack the extension. */
static bool
same_without_extension(PtText a, PtText b)
{
	PtText		stem_a = code_without_extension(a);
	PtText		stem_b = code_without_extension(b);

	if (pt_compare_texts(a, b) == 0)
		return true;
	return (stem_a.length == a.length) != (stem_b.length == b.length) &&
		pt_compare_texts(stem_a, stem_b) == 0;
}

static bool
same_path(PtText a, PtText b)
{
	StringInfoData normal_a;
	StringInfoData normal_b;

	initStringInfo(&normal_a);
	initStringInfo(&normal_b);
	code_normal_path(a, &normal_a);
	code_normal_path(b, &normal_b);
	return same_without_extension((PtText) {normal_a.data, normal_a.len},
								  (PtText) {normal_b.data, normal_b.len});
}

static bool
same_file_id(PtText a, PtText b)
{
	StringInfoData id_a;
	StringInfoData id_b;

	initStringInfo(&id_a);
	initStringInfo(&id_b);
	code_file_id(a, &id_a);
	code_file_id(b, &id_b);
	return same_without_extension((PtText) {id_a.data, id_a.len}, (PtText) {id_b.data, id_b.len});
}

/* Is a path the end of another, from a folder on? */
static bool
is_end_of(PtText path, PtText end)
{
	StringInfoData whole;
	StringInfoData tail;
	int			at;

	initStringInfo(&whole);
	initStringInfo(&tail);
	code_normal_path(path, &whole);
	code_normal_path(end, &tail);
	at = whole.len - tail.len;
	return tail.len > 0 && at > 0 && whole.data[at - 1] == '/' &&
		memcmp(whole.data + at, tail.data, tail.len) == 0;
}

/*
 * The file of a key, and of an entity by its key and by the path of its own,
 * which is empty if unknown. That one may lack a folder of the key's.
 */
static bool
same_file(PtText path, PtText of_key, PtText own)
{
	bool		alike = same_file_id(path, of_key) ||
		(own.length > 0 && same_file_id(path, own));

	if (!alike || !code_is_path(path))
		return alike;
	if (own.length > 0 && (same_path(path, own) || is_end_of(path, own)))
		return true;
	if (code_is_path(of_key))
		return same_path(path, of_key);
	return own.length == 0;
}

/*
 * Can a key be that of an entity with this key and path, whose place is known to
 * be the same, or may be?
 */
Datum
pt_key_fits(PG_FUNCTION_ARGS)
{
	CodeKey		key;
	CodeKey		entity;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	key = code_parse_key(code_text_argument(fcinfo, 0));
	entity = code_parse_key(code_text_argument(fcinfo, 1));
	PG_RETURN_BOOL(key.path.length > 0 && entity.path.length > 0 &&
				   same_language(key.language, entity.language) &&
				   hash_type(key.type) == hash_type(entity.type) &&
				   same_name(&key, &entity, !PG_ARGISNULL(3) && PG_GETARG_BOOL(3)) &&
				   same_file(key.path, entity.path, code_text_argument(fcinfo, 2)));
}
