package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;

import io.sluice.itests.Sluice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/**
 * Each entry of a list of 137 bad inputs, that broke one target or another, in one instance and beside verified I/O; see
 * {@link Verdict} for what has to hold after each. {@code -Dbadinput.only=28,31} does some of them.
 */
@RunWith(Parameterized.class)
public class BadInputsIT {

    private static final int COUNT = 137;
    private static final String ONLY = "badinput.only";

    @ClassRule
    public static final Sluice SLUICE = World.instance();

    private static final SortedSet<Integer> PASSED = new TreeSet<>();
    private static World world;
    private static Verdict verdict;

    private final BadInput input;
    private final boolean lastOfGroup;

    public BadInputsIT(BadInput input, boolean lastOfGroup) {
        this.input = input;
        this.lastOfGroup = lastOfGroup;
    }

    @Parameterized.Parameters(name = "{0}")
    public static Collection<Object[]> inputs() {
        String only = System.getProperty(ONLY, "");
        List<Object[]> parameters = new ArrayList<>();
        for (Group group : Group.all()) {
            List<BadInput> inputs = group.inputs().stream()
                    .filter(input -> only.isEmpty() || List.of(only.split(",")).contains("" + input.number()))
                    .toList();
            for (int i = 0; i < inputs.size(); i++) {
                parameters.add(new Object[] {inputs.get(i), i == inputs.size() - 1});
            }
        }
        return parameters;
    }

    @BeforeClass
    public static void prepare() throws Exception {
        eachNumberComesOnceAndInItsGroup();
        world = new World(SLUICE);
        world.prepare();
        verdict = new Verdict(world);
    }

    private static void eachNumberComesOnceAndInItsGroup() {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (Group group : Group.all()) {
            for (BadInput input : group.inputs()) {
                boolean fits = input.number() >= group.first() && input.number() <= group.last();
                if (!fits || !numbers.add(input.number())) {
                    throw new AssertionError("twice, or not of group " + group.letter() + ": " + input);
                }
            }
        }
    }

    @Test
    public void harmsNobody() throws Exception {
        verdict.begin();
        input.attempt().run(world);
        verdict.check();
        if (lastOfGroup) {
            verdict.checkGroup();
        }
        PASSED.add(input.number());
    }

    @AfterClass
    public static void count() {
        if (verdict == null) {
            return;
        }
        String missing = missing();
        System.out.printf(
                "bad inputs: %d of %d%s%n", PASSED.size(), COUNT, missing.isEmpty() ? "" : ", missing " + missing);
        verdict.close();
        if (System.getProperty(ONLY) == null) {
            assertEquals("what nothing was done for, or not with success", "", missing);
        }
    }

    /** Returns the numbers that nothing was done for, or not with success: runs of them as {@code 3-7}. */
    private static String missing() {
        StringJoiner runs = new StringJoiner(" ");
        for (int number = 1; number <= COUNT; number++) {
            if (!PASSED.contains(number)) {
                int first = number;
                while (number < COUNT && !PASSED.contains(number + 1)) {
                    number++;
                }
                runs.add(first == number ? "" + first : first + "-" + number);
            }
        }
        return runs.toString();
    }
}
