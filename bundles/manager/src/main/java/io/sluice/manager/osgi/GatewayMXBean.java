package io.sluice.manager.osgi;

import java.util.List;
import java.util.Map;

/** What tools for JMX see of the gateway: all of it is to be looked at, nothing to be changed. Any thread may call. */
public interface GatewayMXBean {

    /** Returns the version. */
    String getVersion();

    /** Returns for how many seconds it has run. */
    long getUptimeSeconds();

    /** Returns what is wrong, one line each. */
    List<String> getProblems();

    /** Returns the backstores by their names. */
    Map<String, BackstoreView> getBackstores();

    /** Returns the targets by their names. */
    Map<String, TargetView> getTargets();

    /** Returns the sessions by their numbers. */
    Map<Integer, SessionView> getSessions();

    /** A backstore; counters begin when the gateway does. */
    interface BackstoreView {

        /** Returns the kind of storage. */
        String getType();

        /** Returns its size. */
        long getSizeBytes();

        /** Returns its state, as {@code backstore:list} names it. */
        String getState();

        /** Returns what is wrong with it, one line; empty if nothing. */
        String getProblem();

        /** Returns the reads so far. */
        long getReads();

        /** Returns the writes so far. */
        long getWrites();

        /** Returns the bytes read so far. */
        long getReadBytes();

        /** Returns the bytes written so far. */
        long getWrittenBytes();

        /** Returns the operations that failed so far. */
        long getErrors();
    }

    /** A target. */
    interface TargetView {

        /** Returns whether it is served. */
        boolean isEnabled();

        /** Returns the number of its LUNs. */
        int getLuns();

        /** Returns the number of its sessions. */
        int getSessions();
    }

    /** A session; counters begin with it. */
    interface SessionView {

        /** Returns the name of the initiator. */
        String getInitiator();

        /** Returns the name of the target. */
        String getTarget();

        /** Returns the address of the initiator. */
        String getRemote();

        /** Returns the SCSI commands so far. */
        long getCommands();

        /** Returns the bytes that the initiator has read so far. */
        long getReadBytes();

        /** Returns the bytes that the initiator has written so far. */
        long getWrittenBytes();
    }
}
