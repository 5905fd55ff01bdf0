package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Several parts of a gateway that keep files in one folder. */
public class AtomicFilesTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void anotherMayMakeTheFolderAtTheSameTime() throws Exception {
        Path folder = temporary.getRoot().toPath().resolve("state");
        FileCalls machine = new MachineFiles();
        FileCalls raced = (FileCalls) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FileCalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("makeFolder")) {
                        Files.createDirectory((Path) arguments[0]);
                    }
                    try {
                        return method.invoke(machine, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
        new AtomicFiles(raced).replace(folder.resolve("file"), ByteBuffer.wrap(new byte[] {1}));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(folder.resolve("file")));
    }
}
