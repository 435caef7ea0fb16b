#include "base/currency.h"
#include "base/decimal.h"
#include "base/text.h"
#include <string.h>

/* In order of code: currency_find halves it. */
static const struct currency currencies[] = {
	{ "AED", 2, "UAE Dirham", "UAEディルハム" },
	{ "AFN", 2, "Afghani", "アフガニ" },
	{ "ALL", 2, "Lek", "レク" },
	{ "AMD", 2, "Armenian Dram", "ドラム" },
	{ "ANG", 2, "Netherlands Antillean Guilder", "アンティル・ギルダー" },
	{ "AOA", 2, "Kwanza", "クワンザ" },
	{ "ARS", 2, "Argentine Peso", "アルゼンチン・ペソ" },
	{ "AUD", 2, "Australian Dollar", "豪ドル" },
	{ "AWG", 2, "Aruban Florin", "アルバ・フロリン" },
	{ "AZN", 2, "Azerbaijan Manat", "アゼルバイジャン・マナト" },
	{ "BAM", 2, "Convertible Mark", "兌換マルク" },
	{ "BBD", 2, "Barbados Dollar", "バルバドス・ドル" },
	{ "BDT", 2, "Taka", "タカ" },
	{ "BGN", 2, "Bulgarian Lev", "レフ" },
	{ "BHD", 3, "Bahraini Dinar", "バーレーン・ディナール" },
	{ "BIF", 0, "Burundi Franc", "ブルンジ・フラン" },
	{ "BMD", 2, "Bermudian Dollar", "バミューダ・ドル" },
	{ "BND", 2, "Brunei Dollar", "ブルネイ・ドル" },
	{ "BOB", 2, "Boliviano", "ボリビアーノ" },
	{ "BOV", 2, "Mvdol", "ムブドル" },
	{ "BRL", 2, "Brazilian Real", "レアル" },
	{ "BSD", 2, "Bahamian Dollar", "バハマ・ドル" },
	{ "BTN", 2, "Ngultrum", "ニュルタム" },
	{ "BWP", 2, "Pula", "プラ" },
	{ "BYN", 2, "Belarusian Ruble", "ベラルーシ・ルーブル" },
	{ "BZD", 2, "Belize Dollar", "ベリーズ・ドル" },
	{ "CAD", 2, "Canadian Dollar", "カナダ・ドル" },
	{ "CDF", 2, "Congolese Franc", "コンゴ・フラン" },
	{ "CHE", 2, "WIR Euro", "WIRユーロ" },
	{ "CHF", 2, "Swiss Franc", "スイス・フラン" },
	{ "CHW", 2, "WIR Franc", "WIRフラン" },
	{ "CLF", 4, "Unidad de Fomento", "UF(チリ)" },
	{ "CLP", 0, "Chilean Peso", "チリ・ペソ" },
	{ "CNY", 2, "Yuan Renminbi", "人民元" },
	{ "COP", 2, "Colombian Peso", "コロンビア・ペソ" },
	{ "COU", 2, "Unidad de Valor Real", "UVR(コロンビア)" },
	{ "CRC", 2, "Costa Rican Colon", "コスタリカ・コロン" },
	{ "CUC", 2, "Peso Convertible", "兌換ペソ" },
	{ "CUP", 2, "Cuban Peso", "キューバ・ペソ" },
	{ "CVE", 2, "Cabo Verde Escudo", "カーボベルデ・エスクード" },
	{ "CZK", 2, "Czech Koruna", "チェコ・コルナ" },
	{ "DJF", 0, "Djibouti Franc", "ジブチ・フラン" },
	{ "DKK", 2, "Danish Krone", "デンマーク・クローネ" },
	{ "DOP", 2, "Dominican Peso", "ドミニカ・ペソ" },
	{ "DZD", 2, "Algerian Dinar", "アルジェリア・ディナール" },
	{ "EGP", 2, "Egyptian Pound", "エジプト・ポンド" },
	{ "ERN", 2, "Nakfa", "ナクファ" },
	{ "ETB", 2, "Ethiopian Birr", "ブル" },
	{ "EUR", 2, "Euro", "ユーロ" },
	{ "FJD", 2, "Fiji Dollar", "フィジー・ドル" },
	{ "FKP", 2, "Falkland Islands Pound", "フォークランド諸島ポンド" },
	{ "GBP", 2, "Pound Sterling", "英ポンド" },
	{ "GEL", 2, "Lari", "ラリ" },
	{ "GHS", 2, "Ghana Cedi", "ガーナ・セディ" },
	{ "GIP", 2, "Gibraltar Pound", "ジブラルタル・ポンド" },
	{ "GMD", 2, "Dalasi", "ダラシ" },
	{ "GNF", 0, "Guinean Franc", "ギニア・フラン" },
	{ "GTQ", 2, "Quetzal", "ケツァル" },
	{ "GYD", 2, "Guyana Dollar", "ガイアナ・ドル" },
	{ "HKD", 2, "Hong Kong Dollar", "香港ドル" },
	{ "HNL", 2, "Lempira", "レンピラ" },
	{ "HTG", 2, "Gourde", "グールド" },
	{ "HUF", 2, "Forint", "フォリント" },
	{ "IDR", 2, "Rupiah", "ルピア" },
	{ "ILS", 2, "New Israeli Sheqel", "新シェケル" },
	{ "INR", 2, "Indian Rupee", "インド・ルピー" },
	{ "IQD", 3, "Iraqi Dinar", "イラク・ディナール" },
	{ "IRR", 2, "Iranian Rial", "イラン・リアル" },
	{ "ISK", 0, "Iceland Krona", "アイスランド・クローナ" },
	{ "JMD", 2, "Jamaican Dollar", "ジャマイカ・ドル" },
	{ "JOD", 3, "Jordanian Dinar", "ヨルダン・ディナール" },
	{ "JPY", 0, "Yen", "円" },
	{ "KES", 2, "Kenyan Shilling", "ケニア・シリング" },
	{ "KGS", 2, "Som", "ソム(キルギス)" },
	{ "KHR", 2, "Riel", "リエル" },
	{ "KMF", 0, "Comorian Franc", "コモロ・フラン" },
	{ "KPW", 2, "North Korean Won", "北朝鮮ウォン" },
	{ "KRW", 0, "Won", "韓国ウォン" },
	{ "KWD", 3, "Kuwaiti Dinar", "クウェート・ディナール" },
	{ "KYD", 2, "Cayman Islands Dollar", "ケイマン諸島ドル" },
	{ "KZT", 2, "Tenge", "テンゲ" },
	{ "LAK", 2, "Lao Kip", "キープ" },
	{ "LBP", 2, "Lebanese Pound", "レバノン・ポンド" },
	{ "LKR", 2, "Sri Lanka Rupee", "スリランカ・ルピー" },
	{ "LRD", 2, "Liberian Dollar", "リベリア・ドル" },
	{ "LSL", 2, "Loti", "ロチ" },
	{ "LYD", 3, "Libyan Dinar", "リビア・ディナール" },
	{ "MAD", 2, "Moroccan Dirham", "モロッコ・ディルハム" },
	{ "MDL", 2, "Moldovan Leu", "モルドバ・レウ" },
	{ "MGA", 2, "Malagasy Ariary", "アリアリ" },
	{ "MKD", 2, "Denar", "デナール" },
	{ "MMK", 2, "Kyat", "チャット" },
	{ "MNT", 2, "Tugrik", "トグログ" },
	{ "MOP", 2, "Pataca", "マカオ・パタカ" },
	{ "MRU", 2, "Ouguiya", "ウギア" },
	{ "MUR", 2, "Mauritius Rupee", "モーリシャス・ルピー" },
	{ "MVR", 2, "Rufiyaa", "ルフィヤ" },
	{ "MWK", 2, "Malawi Kwacha", "マラウイ・クワチャ" },
	{ "MXN", 2, "Mexican Peso", "メキシコ・ペソ" },
	{ "MXV", 2, "Mexican Unidad de Inversion (UDI)", "UDI(メキシコ)" },
	{ "MYR", 2, "Malaysian Ringgit", "リンギット" },
	{ "MZN", 2, "Mozambique Metical", "メティカル" },
	{ "NAD", 2, "Namibia Dollar", "ナミビア・ドル" },
	{ "NGN", 2, "Naira", "ナイラ" },
	{ "NIO", 2, "Cordoba Oro", "コルドバ" },
	{ "NOK", 2, "Norwegian Krone", "ノルウェー・クローネ" },
	{ "NPR", 2, "Nepalese Rupee", "ネパール・ルピー" },
	{ "NZD", 2, "New Zealand Dollar", "ニュージーランド・ドル" },
	{ "OMR", 3, "Rial Omani", "オマーン・リアル" },
	{ "PAB", 2, "Balboa", "バルボア" },
	{ "PEN", 2, "Sol", "ソル" },
	{ "PGK", 2, "Kina", "キナ" },
	{ "PHP", 2, "Philippine Peso", "フィリピン・ペソ" },
	{ "PKR", 2, "Pakistan Rupee", "パキスタン・ルピー" },
	{ "PLN", 2, "Zloty", "ズロチ" },
	{ "PYG", 0, "Guarani", "グアラニー" },
	{ "QAR", 2, "Qatari Rial", "カタール・リヤル" },
	{ "RON", 2, "Romanian Leu", "ルーマニア・レウ" },
	{ "RSD", 2, "Serbian Dinar", "セルビア・ディナール" },
	{ "RUB", 2, "Russian Ruble", "ロシア・ルーブル" },
	{ "RWF", 0, "Rwanda Franc", "ルワンダ・フラン" },
	{ "SAR", 2, "Saudi Riyal", "サウジ・リヤル" },
	{ "SBD", 2, "Solomon Islands Dollar", "ソロモン諸島ドル" },
	{ "SCR", 2, "Seychelles Rupee", "セーシェル・ルピー" },
	{ "SDG", 2, "Sudanese Pound", "スーダン・ポンド" },
	{ "SEK", 2, "Swedish Krona", "スウェーデン・クローナ" },
	{ "SGD", 2, "Singapore Dollar", "シンガポール・ドル" },
	{ "SHP", 2, "Saint Helena Pound", "セントヘレナ・ポンド" },
	{ "SLE", 2, "Leone", "レオン" },
	{ "SOS", 2, "Somali Shilling", "ソマリア・シリング" },
	{ "SRD", 2, "Surinam Dollar", "スリナム・ドル" },
	{ "SSP", 2, "South Sudanese Pound", "南スーダン・ポンド" },
	{ "STN", 2, "Dobra", "ドブラ" },
	{ "SVC", 2, "El Salvador Colon", "エルサルバドル・コロン" },
	{ "SYP", 2, "Syrian Pound", "シリア・ポンド" },
	{ "SZL", 2, "Lilangeni", "リランゲニ" },
	{ "THB", 2, "Baht", "バーツ" },
	{ "TJS", 2, "Somoni", "ソモニ" },
	{ "TMT", 2, "Turkmenistan New Manat", "トルクメニスタン・マナト" },
	{ "TND", 3, "Tunisian Dinar", "チュニジア・ディナール" },
	{ "TOP", 2, "Pa'anga", "パアンガ" },
	{ "TRY", 2, "Turkish Lira", "トルコ・リラ" },
	{ "TTD", 2, "Trinidad and Tobago Dollar", "トリニダード・トバゴ・ドル" },
	{ "TWD", 2, "New Taiwan Dollar", "新台湾ドル" },
	{ "TZS", 2, "Tanzanian Shilling", "タンザニア・シリング" },
	{ "UAH", 2, "Hryvnia", "フリヴニャ" },
	{ "UGX", 0, "Uganda Shilling", "ウガンダ・シリング" },
	{ "USD", 2, "US Dollar", "米ドル" },
	{ "USN", 2, "US Dollar (Next day)", "米ドル(翌日)" },
	{ "UYI", 0, "Uruguay Peso en Unidades Indexadas (UI)", "UI(ウルグアイ)" },
	{ "UYU", 2, "Peso Uruguayo", "ウルグアイ・ペソ" },
	{ "UYW", 4, "Unidad Previsional", "UP(ウルグアイ)" },
	{ "UZS", 2, "Uzbekistan Sum", "スム(ウズベキスタン)" },
	{ "VED", 2, "Bolívar Digital", "デジタル・ボリバル" },
	{ "VES", 2, "Bolívar Soberano", "ボリバル・ソベラノ" },
	{ "VND", 0, "Dong", "ドン" },
	{ "VUV", 0, "Vatu", "バツ" },
	{ "WST", 2, "Tala", "タラ" },
	{ "XAF", 0, "CFA Franc BEAC", "CFAフラン(BEAC)" },
	{ "XCD", 2, "East Caribbean Dollar", "東カリブ・ドル" },
	{ "XCG", 2, "Caribbean Guilder", "カリブ・ギルダー" },
	{ "XOF", 0, "CFA Franc BCEAO", "CFAフラン(BCEAO)" },
	{ "XPF", 0, "CFP Franc", "CFPフラン" },
	{ "YER", 2, "Yemeni Rial", "イエメン・リアル" },
	{ "ZAR", 2, "Rand", "ランド" },
	{ "ZMW", 2, "Zambian Kwacha", "ザンビア・クワチャ" },
	{ "ZWG", 2, "Zimbabwe Gold", "ジンバブエ・ゴールド" },
};
#define CURRENCIES (sizeof currencies / sizeof currencies[0])

size_t currency_count(void)
{
	return CURRENCIES;
}

const struct currency *currency_at(size_t index)
{
	ASSERT(index < CURRENCIES);
	return &currencies[index];
}

const struct currency *currency_find(struct bytes code)
{
	size_t low = 0, high = CURRENCIES;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_compare(code, bytes_of(currencies[middle].code, 3));
		if (order == 0) {
			return &currencies[middle];
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return NULL;
}

/* Digits written behind the point, zeros included; 0 for numbers with 万 or 億, whose point says something else. */
static unsigned written_decimals(struct bytes text)
{
	unsigned digits = 0;
	bool point = false;
	uint32_t code;

	while (text_take(&text, &code)) {
		if (code == '.' || code == 0xFF0E) {
			point = true;
		} else if (code == 0x4E07 || code == 0x5104) {
			return 0;
		} else if (point) {
			digits++;
		}
	}
	return digits;
}

static int64_t power_of_ten(unsigned exponent)
{
	int64_t power = 1;

	for (; exponent > 0; exponent--) {
		power *= 10;
	}
	return power;
}

enum status currency_parse(const struct currency *currency, struct bytes text, int64_t *minor, struct err *err)
{
	struct decimal amount;
	char quoted[TEXT_QUOTE];
	int64_t result;
	enum status status = decimal_parse(text, &amount, err);

	if (status != OK) {
		return status;
	}
	text_quote(text, quoted);
	if (amount.decimals > currency->decimals || written_decimals(text) > currency->decimals) {
		if (currency->decimals == 0) {
			return err_set(err, BAD_INPUT, "amount \"%s\": %s has no decimals; write a whole number",
			    quoted, currency->code);
		}
		return err_set(err, BAD_INPUT, "amount \"%s\": %s has %u decimals; write no more", quoted,
		    currency->code, (unsigned)currency->decimals);
	}
	if (__builtin_mul_overflow(
		amount.mantissa, power_of_ten((unsigned)(currency->decimals - amount.decimals)), &result)) {
		return err_set(err, BAD_INPUT, "amount \"%s\" %s is too large", quoted, currency->code);
	}
	*minor = result;
	return OK;
}

/* From the last digit to the first, as numbers are made. */
static void print(
    const struct currency *currency, int64_t minor, const char *code, bool commas, char out[CURRENCY_TEXT])
{
	char reversed[CURRENCY_TEXT];
	uint64_t rest = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	unsigned used = 0;
	size_t written = strlen(code);

	for (unsigned digit = 0; rest != 0 || digit <= currency->decimals; digit++) {
		unsigned whole = digit - currency->decimals;
		if (digit == currency->decimals && digit != 0) {
			reversed[used++] = '.';
		} else if (commas && digit > currency->decimals && whole % 3 == 0) {
			reversed[used++] = ',';
		}
		reversed[used++] = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (minor < 0) {
		reversed[used++] = '-';
	}
	memcpy(out, code, written);
	if (written > 0) {
		out[written++] = ' ';
	}
	ASSERT(written + used < CURRENCY_TEXT);
	while (used > 0) {
		out[written++] = reversed[--used];
	}
	out[written] = '\0';
}

void currency_print(const struct currency *currency, int64_t minor, char out[CURRENCY_TEXT])
{
	print(currency, minor, currency->code, true, out);
}

void currency_print_amount(const struct currency *currency, int64_t minor, char out[CURRENCY_TEXT])
{
	print(currency, minor, "", true, out);
}

void currency_print_plain(const struct currency *currency, int64_t minor, char out[CURRENCY_TEXT])
{
	print(currency, minor, "", false, out);
}
