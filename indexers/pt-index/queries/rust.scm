(function_item name: (identifier) @name) @def.function
(function_signature_item name: (identifier) @name) @def.function
(struct_item name: (type_identifier) @name) @def.struct
(enum_item name: (type_identifier) @name) @def.enum
(union_item name: (type_identifier) @name) @def.union
(trait_item name: (type_identifier) @name) @def.trait
(type_item name: (type_identifier) @name) @def.typedef
(impl_item type: (_) @name) @def.impl
(mod_item name: (identifier) @name body: (_)) @def.module
(macro_definition name: (identifier) @name) @def.macro
(const_item name: (identifier) @name) @def.constant
(static_item name: (identifier) @name) @def.constant

(call_expression function: (_) @call)
(macro_invocation macro: (_) @call)
(token_tree (identifier) @call.token . (token_tree))
(impl_item trait: (_) @trait)
(trait_item bounds: (trait_bounds (_) @base))
(type_identifier) @type
(identifier) @constant
(use_declaration argument: [(identifier) (scoped_identifier)] @import)
(use_declaration argument: (use_as_clause path: (_) @import))
(use_declaration argument: (use_wildcard (_) @import))
(use_declaration argument: (scoped_use_list path: (_) @import list: (use_list [(identifier) (scoped_identifier)] @import.name)))
(use_declaration argument: (scoped_use_list path: (_) @import list: (use_list (scoped_use_list path: (_) @import.name))))
(use_declaration argument: (scoped_use_list path: (_) @import list: (use_list (use_as_clause path: (_) @import.name))))
