(function_definition declarator: [
  (function_declarator declarator: (_) @name)
  (pointer_declarator declarator: (function_declarator declarator: (_) @name))
  (reference_declarator (function_declarator declarator: (_) @name))]) @def.function
(function_definition declarator: [(operator_cast) (qualified_identifier name: [(operator_cast) (qualified_identifier name: (operator_cast))])] @name) @def.function
(field_declaration declarator: [
  (function_declarator declarator: (field_identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name))
  (reference_declarator (function_declarator declarator: (field_identifier) @name))] default_value: (number_literal)) @def.method
(preproc_function_def name: (identifier) @name) @def.macro
(preproc_def name: (identifier) @name value: (_)) @def.constant
(class_specifier name: (_) @name body: (_)) @def.class
(struct_specifier name: (_) @name body: (_)) @def.struct
(union_specifier name: (_) @name body: (_)) @def.union
(enum_specifier name: (_) @name body: (_)) @def.enum
(type_definition declarator: (type_identifier) @name) @def.typedef
(type_definition declarator: [
  (pointer_declarator declarator: (type_identifier) @name)
  (array_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))]) @def.typedef
(type_definition type: (struct_specifier body: (_)) declarator: (type_identifier) @name) @def.struct
(type_definition type: (union_specifier body: (_)) declarator: (type_identifier) @name) @def.union
(type_definition type: (enum_specifier body: (_)) declarator: (type_identifier) @name) @def.enum
(alias_declaration name: (type_identifier) @name) @def.typedef
(concept_definition name: (identifier) @name) @def.interface
(namespace_definition name: (_) @name) @def.namespace

(call_expression function: (_) @call)
(new_expression type: (_) @call)
(base_class_clause [(type_identifier) (qualified_identifier) (template_type)] @base)
(type_identifier) @type
(identifier) @constant
(preproc_include path: (_) @import)
(using_declaration (qualified_identifier) @import)
(template_declaration (function_definition declarator: [
  (function_declarator declarator: (_) @name)
  (pointer_declarator declarator: (function_declarator declarator: (_) @name))
  (reference_declarator (function_declarator declarator: (_) @name))])) @def.function
(template_declaration (class_specifier name: (_) @name body: (_))) @def.class
(template_declaration (struct_specifier name: (_) @name body: (_))) @def.struct
(field_declaration_list (access_specifier) @section)
(enumerator name: (identifier) @nothing)
(preproc_def name: (identifier) @nothing !value)
(preproc_ifdef name: (identifier) @nothing)
