package com.example.vhd;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.testkit.BackstoreContractTest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** What Sluice asks of a backstore, asked of VHDs of one format. */
public abstract class VhdContract extends BackstoreContractTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private BackstoreProvider provider;
    private int files;

    @Before
    public void useTheFolder() {
        provider = new VhdBackstoreProvider(new VhdFolder(folder.getRoot().toPath()));
    }

    abstract String format();

    @Override
    protected BackstoreProvider provider() {
        return provider;
    }

    @Override
    protected Map<String, String> options() {
        files++;
        return Map.of("path", "disk" + files + ".vhd", "format", format());
    }

    @Override
    protected Set<String> traces() {
        return new TreeSet<>(Set.of(folder.getRoot().list()));
    }
}
