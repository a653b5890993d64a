# parseltongue: graph questions answered inside PostgreSQL
#
#   make && sudo make install     build and install for the pg_config on the PATH
#   make installcheck             regress, isolation and TAP tests
#   ./run check                   all of it from nothing, in throwaway servers

EXTENSION = parseltongue
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" parseltongue.control)
MODULE_big = parseltongue
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))

# The extension script is written by topic and concatenated in file-name order.
SQL_PARTS = $(sort $(wildcard src/script/*.sql))
DATA_built = parseltongue--$(EXTVERSION).sql parseltongue--$(EXTVERSION).control $(UPGRADES)

# What is made once, for its data or because nothing can replace it. All other
# parts define functions and aggregates only: an upgrade is what upgrade/*.in
# says, and then these parts again, so that it cannot lag behind them.
ONCE_PARTS = src/script/05_schema.sql src/script/10_adjacency.sql src/script/20_tables.sql src/script/21_types.sql
FUNCTION_PARTS = $(filter-out $(ONCE_PARTS),$(SQL_PARTS))
UPGRADES = $(patsubst upgrade/%.in,%,$(wildcard upgrade/*.sql.in))

# Released versions and the steps between them, as they were shipped.
DATA = $(wildcard upgrade/parseltongue--*.sql)

REGRESS_OPTS = --encoding=UTF8
REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
ISOLATION = $(patsubst test/isolation/specs/%.spec,%,$(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --outputdir=test/isolation
TAP_TESTS = 1
PROVE_TESTS = $(sort $(wildcard test/t/*.pl))

PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -MMD -MP -Wno-declaration-after-statement
EXTRA_CLEAN = $(DATA_built) $(wildcard src/*.d src/*/*.d) test/isolation/results test/isolation/output_iso tmp_check

# "make install" ends by saying how to try what was installed. The recipe of that
# target is PGXS's, so another make runs it, and here PGXS has no such target.
ifneq (,$(filter install,$(MAKECMDGOALS)))
ifndef PT_INSTALLING
NO_INSTALL = 1
endif
endif

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

ifeq ($(PORTNAME),linux)
SHLIB_LINK += -Wl,--version-script=$(srcdir)/src/exports.map
endif

# from 16 on the expected output is looked for in a folder of its own
ifneq ($(MAJORVERSION),15)
ISOLATION_OPTS += --expecteddir=test/isolation
endif

# PGXS does not track headers; the compiler writes the dependencies.
-include $(wildcard src/*.d src/*/*.d)

parseltongue--$(EXTVERSION).sql: $(SQL_PARTS) parseltongue.control
	cat $(SQL_PARTS) > $@

# Who may create in a database may create this version in it: its script runs as a
# superuser then. Scripts of earlier versions were not written for that.
parseltongue--$(EXTVERSION).control: parseltongue.control
	echo 'trusted = true' > $@

$(UPGRADES): %: upgrade/%.in $(FUNCTION_PARTS)
	cat $< > $@
	sed 's/^CREATE \(FUNCTION\|AGGREGATE\) /CREATE OR REPLACE \1 /' $(FUNCTION_PARTS) >> $@

# The loader and its manual page go beside psql. It finds its modules beside what the
# link leads to.
ifndef NO_INSTALL
install: install-loader
.PHONY: install-loader
install-loader:
	$(MKDIR_P) '$(DESTDIR)$(datadir)/parseltongue' '$(DESTDIR)$(bindir)' '$(DESTDIR)$(mandir)/man1'
	$(INSTALL_SCRIPT) $(srcdir)/tools/pt-import '$(DESTDIR)$(datadir)/parseltongue/'
	$(INSTALL_DATA) $(srcdir)/tools/PtScip.pm $(srcdir)/tools/PtSqlite.pm '$(DESTDIR)$(datadir)/parseltongue/'
	ln -sf '$(datadir)/parseltongue/pt-import' '$(DESTDIR)$(bindir)/pt-import'
	$(INSTALL_DATA) $(srcdir)/tools/pt-import.1 '$(DESTDIR)$(mandir)/man1/'

uninstall: uninstall-programs
.PHONY: uninstall-programs
uninstall-programs:
	rm -rf '$(DESTDIR)$(datadir)/parseltongue'
	rm -f '$(DESTDIR)$(bindir)/pt-import' '$(DESTDIR)$(bindir)/pt-index'
	rm -f '$(DESTDIR)$(mandir)/man1/pt-import.1' '$(DESTDIR)$(mandir)/man1/pt-index.1'

# So do the indexer and its page, if "./run index" has built it.
ifneq (,$(wildcard $(srcdir)/.pt/bin/pt-index))
install: install-indexer
.PHONY: install-indexer
install-indexer:
	$(MKDIR_P) '$(DESTDIR)$(bindir)' '$(DESTDIR)$(mandir)/man1'
	$(INSTALL_PROGRAM) $(srcdir)/.pt/bin/pt-index '$(DESTDIR)$(bindir)/'
	$(INSTALL_DATA) $(srcdir)/indexers/pt-index/pt-index.1 '$(DESTDIR)$(mandir)/man1/'
endif
endif

ifdef NO_INSTALL
.PHONY: install
install: all
	+@$(MAKE) --no-print-directory PT_INSTALLING=1 install
	@printf '%s\n' '' \
		'parseltongue $(EXTVERSION) is installed for PostgreSQL $(VERSION). To see that it is alive, run this as the' \
		'owner of the database; it lists "caller" at distance 1, and leaves nothing behind:' '' \
		"    psql -d postgres -c BEGIN -c 'CREATE EXTENSION IF NOT EXISTS parseltongue' \\" \
		"        -c \"SELECT pt_insert_edge('caller', 'callee')\" \\" \
		"        -c \"SELECT * FROM pt_blast_radius('callee')\" -c ROLLBACK" '' \
		'Databases that have an older version need ALTER EXTENSION parseltongue UPDATE.'
endif

# The names of types, by which pgindent tells a declaration from an expression.
.PHONY: typedefs
typedefs:
	sed -n -e 's/^} *\([A-Z][A-Za-z]*\);$$/\1/p' \
		-e 's/^typedef .*(\*\([A-Za-z]*\)) .*/\1/p' \
		-e 's/^typedef [^(]*[ *]\([A-Za-z]*\);$$/\1/p' \
		-e 's/^#define SH_PREFIX \(.*\)/\1_hash/p' \
		src/*/*.[ch] | LC_ALL=C sort -u > typedefs.list

# The picture in README.md. Needs Graphviz, cscope and a running server.
.PHONY: picture
picture:
	tools/picture
