(function_definition declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))))]) @def.function
(function_definition declarator: (function_declarator declarator: (parenthesized_declarator (identifier) @name))) @def.function
(preproc_function_def name: (identifier) @name) @def.macro
(preproc_def name: (identifier) @name value: (_)) @def.constant
(struct_specifier name: (type_identifier) @name body: (_)) @def.struct
(union_specifier name: (type_identifier) @name body: (_)) @def.union
(enum_specifier name: (type_identifier) @name body: (_)) @def.enum
(type_definition declarator: (type_identifier) @name) @def.typedef
(type_definition declarator: [
  (pointer_declarator declarator: (type_identifier) @name)
  (array_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))]) @def.typedef
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

(argument_list (identifier) @value)
(initializer_list (identifier) @value)
(initializer_pair value: (identifier) @value)
(init_declarator value: (identifier) @value)
(assignment_expression right: (identifier) @value)
(return_statement (identifier) @value)
(pointer_expression operator: "&" argument: (identifier) @value)
(cast_expression value: (identifier) @value)
(conditional_expression consequence: (identifier) @value)
(conditional_expression alternative: (identifier) @value)

(parameter_declaration declarator: (identifier) @bind.local)
(pointer_declarator declarator: (identifier) @bind.local)
(array_declarator declarator: (identifier) @bind.local)
(declaration declarator: [
  (identifier) @bind
  (init_declarator declarator: [
    (identifier) @bind
    (_ declarator: [(identifier) @bind (_ declarator: [(identifier) @bind (_ declarator: (identifier) @bind)])])])
  (pointer_declarator declarator: [(identifier) @bind (pointer_declarator declarator: (identifier) @bind) (array_declarator declarator: (identifier) @bind)])
  (array_declarator declarator: [(identifier) @bind (array_declarator declarator: (identifier) @bind)])
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @bind)))
  (parenthesized_declarator (identifier) @bind)])
(call_expression function: (identifier) @declares arguments: (argument_list . (identifier) @bind))
(enumerator name: (identifier) @bind)
