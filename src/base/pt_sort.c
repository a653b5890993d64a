/*
 * pt_sort.c
 *		qsort of the server's template, with its checks for interrupts.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "miscadmin.h"

#define ST_SORT pt_sort
#define ST_ELEMENT_TYPE_VOID
#define ST_COMPARE_RUNTIME_POINTER
#define ST_COMPARE_ARG_TYPE void
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"
