"""The usual measurement families, made when an attribute refers to one that is not there.

One unit a line: code, symbol, CLDR unit (or -), factor to the standard unit, offset. Factors
are exact by definition of the unit (SI Brochure; international yard and pound of 1959).
"""

from functools import cache

_TABLE = """
Weight KILOGRAM
MICROGRAM µg mass-microgram 0.000000001
MILLIGRAM mg mass-milligram 0.000001
GRAM g mass-gram 0.001
KILOGRAM kg mass-kilogram 1
TON t mass-tonne 1000
GRAIN gr mass-grain 0.00006479891
OUNCE oz mass-ounce 0.028349523125
POUND lb mass-pound 0.45359237
STONE st mass-stone 6.35029318

Length METER
MICROMETER µm length-micrometer 0.000001
MILLIMETER mm length-millimeter 0.001
CENTIMETER cm length-centimeter 0.01
DECIMETER dm length-decimeter 0.1
METER m length-meter 1
DEKAMETER dam - 10
KILOMETER km length-kilometer 1000
INCH in length-inch 0.0254
FEET ft length-foot 0.3048
YARD yd length-yard 0.9144
MILE mi length-mile 1609.344

Area SQUARE_METER
SQUARE_MILLIMETER mm² - 0.000001
SQUARE_CENTIMETER cm² area-square-centimeter 0.0001
SQUARE_METER m² area-square-meter 1
ARE a - 100
HECTARE ha area-hectare 10000
SQUARE_KILOMETER km² area-square-kilometer 1000000
SQUARE_INCH in² area-square-inch 0.00064516
SQUARE_FOOT ft² area-square-foot 0.09290304
SQUARE_YARD yd² area-square-yard 0.83612736
ACRE ac area-acre 4046.8564224

Volume CUBIC_METER
CUBIC_MILLIMETER mm³ - 0.000000001
CUBIC_CENTIMETER cm³ volume-cubic-centimeter 0.000001
MILLILITER ml volume-milliliter 0.000001
CENTILITER cl volume-centiliter 0.00001
DECILITER dl volume-deciliter 0.0001
LITER l volume-liter 0.001
HECTOLITER hl volume-hectoliter 0.1
CUBIC_METER m³ volume-cubic-meter 1
CUBIC_INCH in³ volume-cubic-inch 0.000016387064
CUBIC_FOOT ft³ volume-cubic-foot 0.028316846592
OUNCE floz volume-fluid-ounce 0.0000295735295625
PINT pt volume-pint 0.000473176473
GALLON gal volume-gallon 0.003785411784

Temperature KELVIN
CELSIUS °C temperature-celsius 1 273.15
FAHRENHEIT °F temperature-fahrenheit 0.5555555555555556 255.3722222222222
KELVIN K temperature-kelvin 1

Duration SECOND
MILLISECOND ms duration-millisecond 0.001
SECOND s duration-second 1
MINUTE min duration-minute 60
HOUR h duration-hour 3600
DAY d duration-day 86400
WEEK week duration-week 604800
MONTH month duration-month 2629746
YEAR year duration-year 31556952

Power WATT
MILLIWATT mW power-milliwatt 0.001
WATT W power-watt 1
KILOWATT kW power-kilowatt 1000
MEGAWATT MW power-megawatt 1000000
GIGAWATT GW power-gigawatt 1000000000
HORSEPOWER hp power-horsepower 745.69987158227

Energy JOULE
JOULE J energy-joule 1
KILOJOULE kJ energy-kilojoule 1000
CALORIE cal energy-calorie 4.184
KILOCALORIE kcal energy-kilocalorie 4184
WATTHOUR Wh - 3600
KILOWATTHOUR kWh energy-kilowatt-hour 3600000

Voltage VOLT
MILLIVOLT mV - 0.001
VOLT V electric-volt 1
KILOVOLT kV - 1000

Intensity AMPERE
MILLIAMPERE mA electric-milliampere 0.001
AMPERE A electric-ampere 1
KILOAMPERE kA - 1000

Resistance OHM
MILLIOHM mΩ - 0.001
OHM Ω electric-ohm 1
KILOHM kΩ - 1000
MEGOHM MΩ - 1000000

ElectricCharge COULOMB
MILLIAMPEREHOUR mAh - 3.6
AMPEREHOUR Ah - 3600
COULOMB C - 1

Capacitance FARAD
PICOFARAD pF - 0.000000000001
NANOFARAD nF - 0.000000001
MICROFARAD µF - 0.000001
MILLIFARAD mF - 0.001
FARAD F - 1

Frequency HERTZ
HERTZ Hz frequency-hertz 1
KILOHERTZ kHz frequency-kilohertz 1000
MEGAHERTZ MHz frequency-megahertz 1000000
GIGAHERTZ GHz frequency-gigahertz 1000000000
TERAHERTZ THz - 1000000000000

Pressure BAR
PASCAL Pa pressure-pascal 0.00001
HECTOPASCAL hPa pressure-hectopascal 0.001
KILOPASCAL kPa pressure-kilopascal 0.01
MILLIBAR mbar pressure-millibar 0.001
BAR bar pressure-bar 1
MEGAPASCAL MPa pressure-megapascal 10
ATM atm pressure-atmosphere 1.01325
PSI psi pressure-pound-force-per-square-inch 0.0689475729316836

Speed METER_PER_SECOND
METER_PER_SECOND m/s speed-meter-per-second 1
METER_PER_MINUTE m/min - 0.016666666666666666
KILOMETER_PER_HOUR km/h speed-kilometer-per-hour 0.2777777777777778
MILE_PER_HOUR mph speed-mile-per-hour 0.44704

Angle RADIAN
RADIAN rad angle-radian 1
DEGREE ° angle-degree 0.017453292519943295
MINUTE ′ angle-arc-minute 0.0002908882086657216
SECOND ″ angle-arc-second 0.00000484813681109536

Force NEWTON
NEWTON N force-newton 1
KILONEWTON kN - 1000
POUND_FORCE lbf force-pound-force 4.4482216152605

Torque NEWTON_METER
NEWTON_METER Nm torque-newton-meter 1
POUND_FOOT lb⋅ft torque-pound-force-foot 1.3558179483314004

Binary BYTE
BIT bit digital-bit 0.125
BYTE B digital-byte 1
KILOBYTE kB digital-kilobyte 1000
MEGABYTE MB digital-megabyte 1000000
GIGABYTE GB digital-gigabyte 1000000000
TERABYTE TB digital-terabyte 1000000000000

Brightness LUMEN
LUMEN lm light-lumen 1
NIT nit - 0.2918855809

Illuminance LUX
LUX lx light-lux 1

Decibel DECIBEL
DECIBEL dB - 1

CaseBox PIECE
PIECE Pc - 1
DOZEN Dz - 12

VolumeFlow CUBIC_METER_PER_SECOND
LITER_PER_MINUTE l/min - 0.000016666666666666667
LITER_PER_HOUR l/h - 0.000000277777777777777778
CUBIC_METER_PER_HOUR m³/h - 0.00027777777777777778
CUBIC_METER_PER_SECOND m³/s - 1

Percent PERCENT
PERCENT % concentr-percent 1
"""


@cache
def usual_families() -> dict[str, dict]:
    """Return {code: {"code", "standard_unit", "units"}} of the usual measurement families."""
    families = {}
    for block in _TABLE.strip().split("\n\n"):
        head, *lines = block.split("\n")
        code, standard = head.split()
        families[code] = {
            "code": code,
            "standard_unit": standard,
            "units": [_unit(*line.split()) for line in lines],
        }
    return families


def usual_family(code: str) -> dict | None:
    """Return the usual family of that code, or None; upper and lower case are alike."""
    by_fold = {name.casefold(): family for name, family in usual_families().items()}
    found = by_fold.get(code.casefold())
    return {**found, "code": code} if found else None


def _unit(code: str, symbol: str, cldr: str, factor: str, offset: str = "0") -> dict:
    return {
        "code": code,
        "labels": {},
        "symbol": symbol,
        "cldr": "" if cldr == "-" else cldr,
        "factor": factor,
        "offset": offset,
    }
