/*
 * code_test.c
 *		pt_is_test: is an entity a test?
 *
 * Exporters tell tests from other code for some languages only, and write CODE
 * for the rest. So what says that something is a test is believed, and what
 * says that it is not is no reason to overlook the conventions of its
 * language: where tests stand, and what their files are called.
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "code/code_path.h"
#include "fmgr.h"

PG_FUNCTION_INFO_V1(pt_is_test);

static bool
is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_in_any_case(PtText text, const char *word)
{
	return text.length == strlen(word) && pg_strncasecmp(text.bytes, word, text.length) == 0;
}

static bool
is_one_of(PtText text, const char *const *words)
{
	for (; *words != NULL; words++)
	{
		if (is_in_any_case(text, *words))
			return true;
	}
	return false;
}

static bool
starts_with(PtText text, const char *start)
{
	int			length = strlen(start);

	return text.length > length && memcmp(text.bytes, start, length) == 0;
}

/* Does it end with one of these words, and a -, _ or . before it? In any case. */
static bool
ends_with_word(PtText text, const char *const *words)
{
	for (; *words != NULL; words++)
	{
		int			at = text.length - (int) strlen(*words);

		if (at > 0 && strchr("._-", text.bytes[at - 1]) != NULL && text.bytes[at - 1] != '\0' &&
			is_in_any_case((PtText) {text.bytes + at, text.length - at}, *words))
			return true;
	}
	return false;
}

/*
 * Does it end with one of these, as FooTest does with Test? What is all upper
 * case, as IT is, must follow something that is not.
 */
static bool
ends_with_hump(PtText text, const char *const *humps)
{
	for (; *humps != NULL; humps++)
	{
		int			at = text.length - (int) strlen(*humps);

		if (at > 0 && (is_lower_or_digit(text.bytes[at - 1]) ||
					   (is_upper(text.bytes[at - 1]) && !is_upper((*humps)[1]))) &&
			memcmp(text.bytes + at, *humps, text.length - at) == 0)
			return true;
	}
	return false;
}

/* Does it begin with one of these words, and a - or _ after it? In any case. */
static bool
starts_with_word(PtText text, const char *const *words)
{
	for (; *words != NULL; words++)
	{
		int			length = strlen(*words);

		if (text.length > length && (text.bytes[length] == '-' || text.bytes[length] == '_') &&
			is_in_any_case((PtText) {text.bytes, length}, *words))
			return true;
	}
	return false;
}

/* Is one of the parts behind dots one of these words? In any case. */
static bool
has_part(PtText text, const char *const *words)
{
	int			start = 0;

	for (int at = 0; at <= text.length; at++)
	{
		if (at < text.length && text.bytes[at] != '.')
			continue;
		if (start > 0 && is_one_of((PtText) {text.bytes + start, at - start}, words))
			return true;
		start = at + 1;
	}
	return false;
}

/*
 * A folder of tests: tests, e2e; foo-tests, tests_unit, Acme.UnitTests,
 * Acme.Tests.Unit; AppTests, commonTest, testFixtures; it in src.
 */
static bool
is_test_folder(PtText folder, PtText parent)
{
	static const char *const names[] = {
		"test", "tests", "__tests__", "__test__", "spec", "specs", "__mocks__", "__fixtures__",
		"__snapshots__", "e2e", "testdata", "unittest", "unittests", "selftest", "selftests",
		"autotest", "autotests", "gtest", "cypress", "step_definitions", NULL
	};
	static const char *const words[] = {
		"test", "tests", "spec", "specs", "unittest", "unittests", "e2e", "integrationtests", NULL
	};
	static const char *const starts[] = {"test", "tests", NULL};
	static const char *const humps[] = {"Test", "Tests", "Specs", NULL};

	return is_one_of(folder, names) || ends_with_word(folder, words) || has_part(folder, words) ||
		starts_with_word(folder, starts) || ends_with_hump(folder, humps) ||
		(starts_with(folder, "test") && is_upper(folder.bytes[4])) ||
		(is_in_any_case(folder, "it") && is_in_any_case(parent, "src"));
}

/*
 * A file of tests, by its name and its extension: test_foo.py, foo_test.go,
 * tests.rs, foo.spec.ts, FooTest.java, FooTests.swift, FooIT.kt, conftest.py.
 */
static bool
is_test_file(PtText name, PtText extension)
{
	static const char *const names[] = {
		"test", "tests", "spec", "specs", "conftest", "spec_helper", "rails_helper", "TestCase",
		"unittest", "unittests", "setupTests", "Tests", "Specs", "jest.setup", "vitest.setup"
	};
	static const char *const words[] = {
		"test", "tests", "spec", "specs", "unittest", "unittests", "unit_test", "gtest",
		"browsertest", "e2e", "cy", "test-d", "spec-d", NULL
	};
	static const char *const humps[] = {
		"Test", "Tests", "Spec", "Specs", "TestCase", "TestSuite", "TestBase", "TestHelper",
		"TestFixture", NULL
	};
	static const char *const jvm[] = {"java", "kt", "groovy", "scala", NULL};
	static const char *const it[] = {"IT", "ITCase", "Suite", NULL};
	static const char *const codeception[] = {"Cest", "Cept", NULL};
	static const char *const suite[] = {"SUITE", NULL};
	static const char *const only_tests[] = {"phpt", "bats", "t", "feature", NULL};

	/* a class may be called Test */
	for (int i = 0; i < lengthof(names); i++)
	{
		if (pt_text_is(name, names[i]))
			return true;
	}
	if (ends_with_word(name, words) || ends_with_hump(name, humps) ||
		is_one_of(extension, only_tests))
		return true;
	if (starts_with(name, "test_") || starts_with(name, "test-") || starts_with(name, "tst_"))
		return true;
	/* TestFoo, but not Testimonial */
	if ((starts_with(name, "Test") && is_upper(name.bytes[4])) ||
		(starts_with(name, "Tests") && is_upper(name.bytes[5])))
		return true;
	return (is_one_of(extension, jvm) && ends_with_hump(name, it)) ||
		(pt_text_is(extension, "php") && ends_with_hump(name, codeception)) ||
		(pt_text_is(extension, "erl") && ends_with_word(name, suite));
}

/* Does a path lead to a test? A file without an extension is judged by folders. */
static bool
is_test_path(PtText path)
{
	PtText		parent = {"", 0};
	int			start = 0;
	int			dot = 0;

	for (int at = 0; at < path.length; at++)
	{
		if (code_is_slash(path.bytes[at]))
		{
			PtText		folder = {path.bytes + start, at - start};

			if (is_test_folder(folder, parent))
				return true;
			parent = folder;
			start = at + 1;
			dot = 0;
		}
		else if (path.bytes[at] == '.' && at > start)
			dot = at;
	}
	return dot > 0 && dot + 1 < path.length &&
		is_test_file((PtText) {path.bytes + start, dot - start},
					 (PtText) {path.bytes + dot + 1, path.length - dot - 1});
}

/* TEST, and what earlier releases wrote: TestImplementation. */
static bool
is_test_class(PtText class)
{
	static const char *const classes[] = {
		"test", "tests", "testimplementation", "test_implementation", NULL
	};

	return is_one_of(class, classes);
}

static PtText
text_argument(FunctionCallInfo fcinfo, int argno)
{
	text	   *t;

	if (PG_ARGISNULL(argno))
		return (PtText) {"", 0};
	t = PG_GETARG_TEXT_PP(argno);
	return (PtText) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

Datum
pt_is_test(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(is_test_class(text_argument(fcinfo, 0)) ||
				   is_in_any_case(text_argument(fcinfo, 1), "test") ||
				   is_test_path(text_argument(fcinfo, 2)));
}
