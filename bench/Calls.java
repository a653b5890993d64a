import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.tools.ToolProvider;

/**
 * What each call in a tree of Java means, as javac has it: java Calls.java TREE.
 * A line is
 *
 *     D FILE LINE COLUMN NAME                          a method, constructor or type
 *     C FILE LINE COLUMN NAME inside FILE LINE COLUMN  a call of one of these
 *     C FILE LINE COLUMN NAME outside | unknown        of something else
 *
 * with tabs between, lines and columns from 0. Of what does not compile for want of
 * a library the rest is told all the same.
 */
class Calls extends TreePathScanner<Void, Void>
{
    private final Trees trees;
    private final SourcePositions positions;
    private final Path top;
    private CompilationUnitTree unit;

    Calls(Trees trees, Path top)
    {
        this.trees = trees;
        this.positions = trees.getSourcePositions();
        this.top = top;
    }

    private static String text(CompilationUnitTree unit)
    {
        try
        {
            return unit.getSourceFile().getCharContent(true).toString();
        }
        catch (IOException e)
        {
            throw new IllegalStateException(e);
        }
    }

    private String place(CompilationUnitTree of, long at)
    {
        long line = of.getLineMap().getLineNumber(at);
        Path file = top.relativize(Path.of(of.getSourceFile().toUri()));

        return file + "\t" + (line - 1) + "\t" + (at - of.getLineMap().getStartPosition(line));
    }

    /** Where the name of a definition stands; -1 for what the compiler has made up. */
    private long nameAt(CompilationUnitTree of, Tree definition, String name)
    {
        String text = text(of);
        long end = positions.getEndPosition(of, definition);
        long from = positions.getStartPosition(of, definition);

        if (definition instanceof MethodTree method)
        {
            Tree before = method.getReturnType() != null ? method.getReturnType() : method.getModifiers();
            if (positions.getEndPosition(of, before) > 0)
                from = positions.getEndPosition(of, before);
        }
        else if (definition instanceof ClassTree type && positions.getEndPosition(of, type.getModifiers()) > 0)
            from = positions.getEndPosition(of, type.getModifiers());
        if (from < 0 || end < 0 || name.isEmpty())
            return -1;
        for (int at = text.indexOf(name, (int) from); at >= 0 && at < end; at = text.indexOf(name, at + 1))
        {
            boolean begins = at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1));
            int after = at + name.length();

            if (begins && (after == text.length() || !Character.isJavaIdentifierPart(text.charAt(after))))
                return at;
        }
        return -1;
    }

    private static String nameOf(Element element)
    {
        return (element.getKind() == ElementKind.CONSTRUCTOR ? element.getEnclosingElement() : element).getSimpleName().toString();
    }

    /** Where an element of the tree is defined, a class for a constructor that nobody wrote; NULL if it is of elsewhere. */
    private String definition(Element element)
    {
        TreePath path = trees.getPath(element);

        if (path == null && element.getKind() == ElementKind.CONSTRUCTOR)
            path = trees.getPath(element = element.getEnclosingElement());
        if (path != null && element.getKind() == ElementKind.CONSTRUCTOR)
        {
            Element around = element.getEnclosingElement();
            TreePath outer = trees.getPath(around);
            long at = nameAt(path.getCompilationUnit(), path.getLeaf(), nameOf(element));

            if (outer != null && (at < 0 || positions.getStartPosition(path.getCompilationUnit(), path.getLeaf())
                == positions.getStartPosition(outer.getCompilationUnit(), outer.getLeaf())))
                path = outer;
            else if (at >= 0)
                return place(path.getCompilationUnit(), at);
        }
        if (path == null)
            return null;
        long at = nameAt(path.getCompilationUnit(), path.getLeaf(), nameOf(element));
        return at < 0 ? null : place(path.getCompilationUnit(), at);
    }

    private void call(long at, String name, Element element)
    {
        String meaning;

        if (at < 0 || name.equals("super") || name.equals("this"))
            return;
        if (element == null || element.asType().getKind() == javax.lang.model.type.TypeKind.ERROR)
            meaning = "unknown";
        else
        {
            String definition = definition(element);
            meaning = definition == null ? "outside" : "inside\t" + definition;
        }
        System.out.println("C\t" + place(unit, at) + "\t" + name + "\t" + meaning);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree node, Void p)
    {
        ExpressionTree select = node.getMethodSelect();
        Element element = trees.getElement(new TreePath(getCurrentPath(), select));
        String name = select instanceof MemberSelectTree member ? member.getIdentifier().toString() : select.toString();

        call(positions.getEndPosition(unit, select) - name.length(), name, element);
        return super.visitMethodInvocation(node, p);
    }

    @Override
    public Void visitNewClass(NewClassTree node, Void p)
    {
        Tree type = node.getIdentifier();

        if (type instanceof ParameterizedTypeTree generic)
            type = generic.getType();
        String name = type instanceof MemberSelectTree member ? member.getIdentifier().toString() : type.toString();
        if (type instanceof IdentifierTree || type instanceof MemberSelectTree)
        {
            Element element = trees.getElement(getCurrentPath());

            /* an object of a class without a name is one of the class that is named */
            if (node.getClassBody() != null)
                element = trees.getElement(new TreePath(getCurrentPath(), type));
            call(positions.getEndPosition(unit, type) - name.length(), name, element);
        }
        return super.visitNewClass(node, p);
    }

    private void define(Tree node)
    {
        Element element = trees.getElement(getCurrentPath());

        if (element == null)
            return;
        String definition = definition(element);
        if (definition != null && !nameOf(element).isEmpty())
            System.out.println("D\t" + definition + "\t" + nameOf(element));
    }

    @Override
    public Void visitMethod(MethodTree node, Void p)
    {
        define(node);
        return super.visitMethod(node, p);
    }

    @Override
    public Void visitClass(ClassTree node, Void p)
    {
        define(node);
        return super.visitClass(node, p);
    }

    public static void main(String[] arguments) throws IOException
    {
        Path top = Path.of(arguments[0]).toRealPath();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var manager = compiler.getStandardFileManager(d -> { }, null, null);
        List<Path> files;

        try (Stream<Path> all = Files.walk(top))
        {
            files = all.filter(f -> f.toString().endsWith(".java") && !f.endsWith("module-info.java")).sorted().collect(Collectors.toList());
        }
        JavacTask task = (JavacTask) compiler.getTask(null, manager, d -> { }, List.of("-proc:none", "-encoding", "UTF-8", "-Xmaxerrs", "100000"),
                                                      null, manager.getJavaFileObjectsFromPaths(files));
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        task.analyze();
        for (CompilationUnitTree unit : units)
        {
            Calls calls = new Calls(Trees.instance(task), top);
            calls.unit = unit;
            calls.scan(unit, null);
        }
    }
}
