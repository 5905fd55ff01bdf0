package io.sluice.scsi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the state of a unit in memory, so that a test can make the unit anew, or let saving fail. */
public final class MemoryStateStore implements UnitStateStore {

    private final Map<Long, Intent> intents = new ConcurrentHashMap<>();
    private volatile UnitState state = UnitState.NEW;
    public boolean failing;
    public int saves;

    @Override
    public UnitState load() {
        return state;
    }

    @Override
    public void save(UnitState changed) throws IOException {
        if (failing) {
            throw new IOException("on purpose");
        }
        saves++;
        state = changed;
    }

    @Override
    public void saveIntent(long id, long lba, ByteBuffer[] data) throws IOException {
        if (failing) {
            throw new IOException("on purpose");
        }
        int length = 0;
        for (ByteBuffer part : data) {
            length += part.remaining();
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        for (ByteBuffer part : data) {
            copy.put(part);
        }
        intents.put(id, new Intent(id, lba, copy.flip()));
    }

    @Override
    public void clearIntent(long id) {
        intents.remove(id);
    }

    @Override
    public List<Intent> loadIntents() {
        return List.copyOf(intents.values());
    }
}
