/*
 * code_affected.h
 *		By which names something else may be meant since files were replaced.
 */
#ifndef CODE_AFFECTED_H
#define CODE_AFFECTED_H

#include "code/code_steps.h"

/*
 * Of what is noted, in pt_noted, the names by which references may mean something
 * else, in pt_name, and the files all of whose references may, in pt_file. qualified:
 * some files qualify their references. Within SPI, under the snapshot that is to be
 * read. False if there are so many that all references may as well be resolved, or
 * that cannot be told. Error 53400 beyond the budget. Costs what is found.
 */
extern bool code_affected_names(CodeSteps *steps, bool qualified);

#endif							/* CODE_AFFECTED_H */
