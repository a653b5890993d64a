(function_definition declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))]) @def.function
(function_definition declarator: (function_declarator declarator: (parenthesized_declarator (identifier) @name))) @def.function
(preproc_function_def name: (identifier) @name) @def.macro
(preproc_def name: (identifier) @name value: (_)) @def.constant
(struct_specifier name: (type_identifier) @name body: (_)) @def.struct
(union_specifier name: (type_identifier) @name body: (_)) @def.union
(enum_specifier name: (type_identifier) @name body: (_)) @def.enum
(type_definition declarator: (type_identifier) @name) @def.typedef
(type_definition type: (struct_specifier body: (_)) declarator: (type_identifier) @name) @def.struct
(type_definition type: (union_specifier body: (_)) declarator: (type_identifier) @name) @def.union
(type_definition type: (enum_specifier body: (_)) declarator: (type_identifier) @name) @def.enum

(call_expression function: (_) @call)
(type_identifier) @type
(identifier) @constant
(preproc_include path: (_) @import)
(enumerator name: (identifier) @nothing)
(preproc_def name: (identifier) @nothing !value)
(preproc_ifdef name: (identifier) @nothing)
