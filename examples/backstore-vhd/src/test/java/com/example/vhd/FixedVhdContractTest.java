package com.example.vhd;

public class FixedVhdContractTest extends VhdContract {

    @Override
    String format() {
        return "fixed";
    }
}
