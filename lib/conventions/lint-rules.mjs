/** Rules of this repository that no published plugin knows. */

const WRAPPERS = ["userAction", "publicAction"];

/** An action that did not go through the wrapper would be a public endpoint without origin, actor and limits. */
const actionsThroughWrapper = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const refuse = (node) =>
      context.report({
        node,
        message: "Every export of actions.ts is a call of userAction or publicAction.",
      });
    return {
      ExportDefaultDeclaration: refuse,
      ExportAllDeclaration: refuse,
      ExportNamedDeclaration(node) {
        if (node.exportKind === "type") return;
        const isWrapped = ({ init }) =>
          init?.type === "CallExpression" && WRAPPERS.includes(init.callee.name);
        const { declaration } = node;
        if (declaration?.type !== "VariableDeclaration") return refuse(node);
        if (declaration.kind !== "const" || !declaration.declarations.every(isWrapped)) refuse(node);
      },
    };
  },
};

/** `"use server"` inside a function makes an endpoint too, in a file where nobody looks for one. */
const serverDirectiveOnlyInActions = {
  meta: { type: "problem", schema: [] },
  create(context) {
    return {
      ExpressionStatement(node) {
        if (node.directive === "use server") {
          context.report({ node, message: 'Only an actions.ts says "use server".' });
        }
      },
    };
  },
};

const IMPURE_IMPORT =
  /^(@\/lib\/platform\/(?!.*\bdomain-error\b)|@\/prisma\/|next(\/|$)|next-auth|node:(fs|net|http|child_process)|pg$)/;
const IMPURE_CALL =
  /^(Date\.now|Math\.random|performance\.now|crypto\.(randomUUID|getRandomValues)|randomUUID|randomBytes)$/;

/** Core takes the time, chance and rows as arguments; a shell says so by importing server-only first. */
const pureCore = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const { sourceCode } = context;
    const isShell = sourceCode.ast.body.some(
      (node) =>
        (node.type === "ImportDeclaration" && node.source.value === "server-only") ||
        ["use server", "use client"].includes(node.directive),
    );
    if (isShell) return {};
    const refuse = (node, what) =>
      context.report({
        node,
        message: `Core has no ${what}: take it as an argument, or import "server-only".`,
      });
    return {
      ImportDeclaration(node) {
        const isType = node.importKind === "type";
        if (!isType && IMPURE_IMPORT.test(node.source.value)) refuse(node, `import of ${node.source.value}`);
      },
      CallExpression(node) {
        const callee = sourceCode.getText(node.callee);
        if (IMPURE_CALL.test(callee)) refuse(node, callee);
      },
      NewExpression(node) {
        if (node.callee.name === "Date" && node.arguments.length === 0) refuse(node, "clock");
      },
    };
  },
};

export const offcut = {
  rules: {
    "actions-through-wrapper": actionsThroughWrapper,
    "server-directive-only-in-actions": serverDirectiveOnlyInActions,
    "pure-core": pureCore,
  },
};
