/** `var` in a cell: declared once for the whole cell, so that only its assignments remain where it stood. */
import ts from "typescript";

const { factory } = ts;

export const isVar = (list: ts.Node | undefined): list is ts.VariableDeclarationList =>
  list !== undefined && ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.BlockScoped) === 0;

/**
 * A `var` belongs to the whole cell, wherever in it it stands and however often: what remains in its place is an
 * assignment, or nothing.
 */
export function assignments(
  list: ts.VariableDeclarationList,
  variables: Set<string>,
): ts.Expression | undefined {
  const assigned = list.declarations.flatMap(({ name, initializer }) => {
    const target = assignmentTarget(name, variables);
    return initializer ? [factory.createAssignment(target, initializer)] : [];
  });
  const [first, ...rest] = assigned;
  return first && rest.reduce<ts.Expression>((before, next) => factory.createComma(before, next), first);
}

/** What a declaration binds, as an assignment writes it; the names join `variables`. */
export function assignmentTarget(name: ts.BindingName, variables: Set<string>): ts.Expression {
  if (ts.isIdentifier(name)) {
    variables.add(name.text);
    return name;
  }
  const withDefault = ({ name: bound, initializer }: ts.BindingElement): ts.Expression => {
    const target = assignmentTarget(bound, variables);
    return initializer ? factory.createAssignment(target, initializer) : target;
  };
  if (ts.isArrayBindingPattern(name))
    return factory.createArrayLiteralExpression(
      name.elements.map((element) => {
        if (ts.isOmittedExpression(element)) return element;
        return element.dotDotDotToken
          ? factory.createSpreadElement(withDefault(element))
          : withDefault(element);
      }),
    );
  return factory.createObjectLiteralExpression(
    name.elements.map((element) =>
      element.dotDotDotToken
        ? factory.createSpreadAssignment(withDefault(element))
        : factory.createPropertyAssignment(
            element.propertyName ?? (element.name as ts.Identifier),
            withDefault(element),
          ),
    ),
  );
}
